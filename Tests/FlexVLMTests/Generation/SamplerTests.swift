import Foundation
import Testing

@testable import FlexVLM

@Suite struct SamplerTests {
  @Test("Greedy takes the highest logit, the lowest id among equals")
  func greedy() {
    var sampler = Sampler(SamplingOptions())
    #expect(sampler.next([1, 3, 2, 3]) == 1)
    #expect(sampler.next([.nan, .nan]) == 0)
  }

  @Test("The top tokens are those of a full sort")
  func top() {
    var random = SeededGenerator(seed: 4)
    for count in [1, 5, 9] {
      let logits = random.floats(200).map { ($0 * 20).rounded() }
      let sorted = logits.indices.sorted {
        logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1)
      }
      #expect(Sampler.top(count, of: logits).map(\.id) == Array(sorted.prefix(count)))
    }
  }

  @Test("Draws follow the probabilities; the seed repeats them")
  func frequencies() {
    let logits: [Float] = [0, logf(2), logf(5)]  // 1/8, 2/8, 5/8
    var sampler = Sampler(SamplingOptions(temperature: 1, seed: 11))
    let draws = (0..<8000).map { _ in sampler.next(logits) }
    for (id, share) in [1.0 / 8, 2.0 / 8, 5.0 / 8].enumerated() {
      let drawn = Double(draws.count { $0 == id }) / 8000
      // Five standard deviations of a binomial share over 8000 draws.
      #expect(abs(drawn - share) < 5 * (share * (1 - share) / 8000).squareRoot())
    }
    var again = Sampler(SamplingOptions(temperature: 1, seed: 11))
    #expect(draws.prefix(50).elementsEqual((0..<50).map { _ in again.next(logits) }))
  }

  @Test(
    "Top-p keeps the fewest tokens that reach it, and at least one",
    arguments: [(0, [2]), (0.6, [2]), (0.7, [1, 2]), (1, [0, 1, 2])] as [(Float, [Int])])
  func nucleus(topP: Float, kept: [Int]) {
    let logits: [Float] = [0, logf(2), logf(5)]
    var sampler = Sampler(SamplingOptions(temperature: 1, topP: topP, seed: 2))
    #expect(Set((0..<500).map { _ in sampler.next(logits) }).sorted() == kept)
  }

  @Test("A low temperature sharpens towards greedy")
  func temperature() {
    var sampler = Sampler(SamplingOptions(temperature: 0.05, seed: 3))
    #expect((0..<200).allSatisfy { _ in sampler.next([0, 1, 0.5]) == 1 })
  }
}
