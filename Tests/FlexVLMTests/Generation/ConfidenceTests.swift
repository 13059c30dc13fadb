import Testing

@testable import FlexVLM

@Suite struct ConfidenceTests {
  @Test(
    "The mean is geometric, the first is the first token's, both rounded to six decimals",
    arguments: [
      ([0], 1, 1), ([0.6931472], 0.5, 0.5), ([0, 1.3862944], 0.5, 1),
      ([1.3862944, 0, 0.6931472], 0.5, 0.25), ([-1e-7, 0], 1, 1), ([.infinity, 0], 0, 0),
      ([20, 20], 0, 0),
    ] as [([Float], Double, Double)])
  func values(losses: [Float], mean: Double, first: Double) throws {
    let confidence = try #require(Confidence(losses: losses))
    // Losses in 32 bits leave an error below a millionth.
    #expect(abs(confidence.mean - mean) <= 1e-6)
    #expect(abs(confidence.first - first) <= 1e-6)
  }

  @Test(
    "No token and no number give no confidence", arguments: [[], [.nan], [0, .nan]] as [[Float]])
  func none(losses: [Float]) {
    #expect(Confidence(losses: losses) == nil)
  }
}
