import FlexVLM
import Foundation
import Testing

/// Every example of the documentation stands here, so that it is compiled with the tests, and as the
/// users of the library see it: without `@testable`.
private enum DocumentedExamples {
  static func landingPage() async throws {
    let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
    let image = try await model.encode(try RGBImage(contentsOfFile: "receipt.png"))
    print(try await model.ask("what is the total?", about: image).text)
  }

  static func visionLanguageModel() async throws {
    let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
    let image = try await model.encode(try RGBImage(contentsOfFile: "receipt.png"))
    print(try await model.ask("what is the total?", about: image).text)
    for try await text in model.stream("who issued it?", about: image) {
      print(text, terminator: "")
    }
  }

  static func answerStream(_ model: VisionLanguageModel, _ image: EncodedImage) async throws {
    let stream = model.stream("what is the total?", about: image)
    for try await text in stream { print(text, terminator: "") }
    print(try await stream.answer.statistics.decodeTime)
  }

  static func gettingStarted() async throws {
    let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
    let image = try await model.encode(try RGBImage(contentsOfFile: "Weights/examples/receipt.png"))
    for question in ["what is the total?", "what color is the heart?"] {
      let answer = try await model.ask(question, about: image)
      print(question, answer.text)
    }

    let stream = model.stream("is there a blue star?", about: image)
    for try await text in stream { print(text, terminator: "") }
    let whole = try await stream.answer
    print(whole.finishReason, whole.statistics.decodeTime)

    let scores = try await model.score(
      "what color is the heart?", options: ["red", "green"], about: image)
    print(scores.options[scores.best].option)

    let question = "what is the total?"
    let picture = try RGBImage(contentsOfFile: "Weights/examples/receipt.png")
    let seen = try await model.ask(question, about: try await model.encode(picture))
    let heatmap = Heatmap(
      image: picture, question: question, answer: seen, model: model.configuration,
      selection: SelectionOptions())
    if let png = heatmap?.overview().encodedPNG() { print("\(png.count) bytes of PNG") }

    do {
      _ = try RGBImage(contentsOfFile: "scan.heic")
    } catch {
      print(error)
    }
  }

  static func policies(_ model: VisionLanguageModel, _ image: EncodedImage) async throws {
    var selection = SelectionOptions(policy: .tidal, budget: 0.05)
    let found = try await model.ask(
      "who signed it?", about: image, options: GenerationOptions(selection: selection))
    selection.policy = .none
    let guessed = try await model.ask(
      "who signed it?", about: image, options: GenerationOptions(selection: selection))
    print(found.text, guessed.text)
  }

  static func pair() throws {
    let llava = try VisionLanguageModel(
      contentsOfFile: "llava-v1.5-7b-Q4_K.gguf", projector: "mmproj-model-f16.gguf")
    print(llava.path)
  }
}

@Suite struct DocumentedExampleTests {
  /// The lines of each Swift example of a Markdown page or of a source file's comments, without their
  /// indentation.
  private static func examples(in text: String) -> [[String]] {
    var examples: [[String]] = []
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      let content = line.trimmingCharacters(in: .whitespaces).trimmingPrefix("///")
        .trimmingCharacters(in: .whitespaces)
      if content == "```swift" {
        isInside = true
        examples.append([])
      } else if content.hasPrefix("```") {
        isInside = false
      } else if isInside, !content.hasPrefix("import "), !content.isEmpty {
        examples[examples.count - 1].append(content)
      }
    }
    return examples
  }

  @Test("Every documented example is compiled here")
  func compiled() throws {
    let compiled = try Checkout.text(of: URL(filePath: #filePath))
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let pages =
      Checkout.files(in: "Sources/FlexVLM", withExtensions: ["swift", "md"])
      + [Checkout.root.appending(path: "README.md")]
    var count = 0
    for page in pages {
      for example in Self.examples(in: try Checkout.text(of: page)) {
        #expect(compiled.firstRange(of: example) != nil, "\(page.lastPathComponent): \(example)")
        count += 1
      }
    }
    #expect(count >= 10)
  }
}
