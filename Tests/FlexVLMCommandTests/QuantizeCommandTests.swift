import Foundation
import Testing

@testable import FlexVLMCommand

/// `flexvlm quantize` and models in llama.cpp's two files, as whole commands.
@Suite struct QuantizeCommandTests {
  static let pair = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../FlexVLMTests/Fixtures/pairs/old").standardized
  static let model = pair.appending(path: "model.gguf").path
  static let tower = pair.appending(path: "mmproj.gguf").path
  static let image = pair.appending(path: "image.png").path

  @Test("A quantized language model answers with the pair's own tower")
  func pair() async throws {
    try await withTemporaryFolder { folder in
      let output = folder.appending(path: "q8.gguf").path
      let written = try await Outcome(running: ["quantize", Self.model, output, "q8_0"])
      #expect(written.code == .ok && written.error.isEmpty)
      #expect(written.output == "\(output): 0.1 MiB, tensors 16 Q8_0, 5 F32\n")
      let arguments = [Self.image, "What is here?", "--mmproj", Self.tower, "-n", "4"]
      let own = try await Outcome(running: ["ask", "--model", Self.model] + arguments)
      let answer = try await Outcome(running: ["ask", "--model", output] + arguments)
      #expect(own.code == .ok && answer == own)
      let settings = try await Outcome(running: ["inspect", output, "--mmproj", Self.tower])
      #expect(settings.output.contains("random old, Q8_0"))
      #expect(settings.output.contains("none: plain LLaVA"))
    }
  }

  @Test("Calibration reads images and questions of a folder")
  func calibrated() async throws {
    try await withTemporaryFolder { folder in
      try FileManager.default.copyItem(
        atPath: Self.image, toPath: folder.appending(path: "image.png").path)
      let questions = folder.appending(path: "questions.jsonl")
      try Data(#"{"question_id": 1, "image": "image.png", "text": "What is here?"}"#.utf8)
        .write(to: questions)
      let output = folder.appending(path: "q4.gguf").path
      let arguments = [
        "quantize", Self.model, output, "Q4_0", "--calibrate", folder.path, "--mmproj", Self.tower,
      ]
      let written = try await Outcome(running: arguments)
      #expect(written.code == .ok)
      #expect(written.output.hasSuffix("; errors made up for in 14\n"))

      let again = try await Outcome(running: arguments)
      #expect(again.code == .cannotCreate)
      #expect(again.error.contains("it exists; name another file"))
      try FileManager.default.removeItem(atPath: output)
      try FileManager.default.removeItem(at: questions)
      let missing = try await Outcome(running: arguments)
      #expect(missing.code == .noInput)
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test("Half a pair is told what it lacks")
  func halves() async throws {
    let alone = try await Outcome(running: ["ask", "--model", Self.model, Self.image, "What?"])
    #expect(alone.code == .dataError)
    #expect(alone.error.contains("lacks its vision tower"))
    let absent = try await Outcome(
      running: ["ask", "--model", Self.model, "--mmproj", "/none", Self.image, "What?"])
    #expect(absent.code == .noInput)
  }
}
