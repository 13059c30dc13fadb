import FlexVLM
import Foundation
import Testing

/// Every example of the documentation stands here, so that it is compiled with the tests, and as the
/// users of the library see it: without `@testable`.
private enum DocumentedExamples {
  static func readme() async throws {
    let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
    let image = try await model.encode(try RGBImage(contentsOfFile: "Weights/examples/receipt.png"))
    print(try await model.ask(.question("what color is the heart?"), about: image).text)
    for try await text in model.stream(.question("is there a blue star?"), about: image) {
      print(text, terminator: "")
    }
  }

  static func visionLanguageModel() async throws {
    let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
    let image = try await model.encode(try RGBImage(contentsOfFile: "receipt.png"))
    print(try await model.ask(.question("what is the total?"), about: image).text)
    for try await text in model.stream(.question("who issued it?"), about: image) {
      print(text, terminator: "")
    }
  }

  static func modelQuantizer() throws {
    let quantizer = try ModelQuantizer(contentsOfFile: "llava.gguf", to: .q40K)
    print(try quantizer.write(to: "llava-q4.gguf").tensors)
  }
}

@Suite struct DocumentedExampleTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized

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
    let sources = Self.root.appending(path: "Sources/FlexVLM")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
      .map { sources.appending(path: $0) }
    let pages = files + [Self.root.appending(path: "README.md")]
    let compiled = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    var count = 0
    for page in pages {
      for example in Self.examples(in: try String(contentsOf: page, encoding: .utf8)) {
        #expect(compiled.firstRange(of: example) != nil, "\(page.lastPathComponent): \(example)")
        count += 1
      }
    }
    #expect(count >= 2)
  }
}
