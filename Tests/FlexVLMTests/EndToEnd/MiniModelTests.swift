import Foundation
import Testing

@testable import FlexVLM

/// The shipped model on the shipped examples, against the reference implementation in numpy.
@Suite struct MiniModelTests {
  struct Expected: Decodable {
    let image: String
    let question: String
    let text: String
    let tokens: [Int]
    let cells: [[String: String]]
    /// Of each step the distance, of 255, of the cell that was closest to being chosen or not.
    let nearestToThreshold: [Double]
  }

  struct Documented: Decodable {
    let image: String
    let question: String
    let truth: String
    let answer: String
    let right: Bool
  }

  static let weights = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Weights").standardized
  static let model = try! VisionLanguageModel(
    contentsOfFile: weights.appending(path: "flexvlm-mini.gguf").path, threads: 2,
    precision: .float32)
  static let expected = try! Fixture.json("mini/expected.json", as: [Expected].self)

  @Test("Tokens and cells equal the reference's", arguments: Set(expected.map(\.image)).sorted())
  func reference(image: String) throws {
    var (compared, all) = (0, 0)
    let encoded = try Self.model.encode(
      try RGBImage(contentsOfFile: Self.weights.appending(path: "examples/\(image)").path))
    for expected in Self.expected where expected.image == image {
      let answer = try Self.model.ask(.question(expected.question), about: encoded)
      #expect(answer.text == expected.text, "\(expected.question)")
      #expect(answer.steps.dropLast().map(\.token) == expected.tokens)
      #expect(answer.finishReason == .end)
      #expect(answer.steps.count == expected.cells.count)
      all += answer.steps.count
      for (index, (step, cells)) in zip(answer.steps, expected.cells).enumerated() {
        // Closer than 0.05, two exact implementations may round to different sides.
        if expected.nearestToThreshold[index] < 0.05 { continue }
        compared += 1
        #expect(step.selections.count == cells.count)
        for selection in step.selections {
          #expect(selection.cells.description == cells["\(selection.layer)"])
        }
      }
    }
    #expect(compared * 2 > all, "too few steps are told apart by the threshold")
  }

  @Test("The documented answers are the real ones, right and wrong")
  func documentedAnswers() throws {
    let data = try Data(contentsOf: Self.weights.appending(path: "examples/questions.json"))
    let documented = try JSONDecoder().decode([Documented].self, from: data)
    for example in documented {
      let real = Self.expected.first {
        $0.image == example.image && $0.question == example.question
      }
      #expect(example.answer == real?.text)
      #expect(example.right == (example.answer == example.truth))
    }
    #expect(documented.count { $0.right } >= 6)
    #expect(documented.contains { !$0.right })
  }
}
