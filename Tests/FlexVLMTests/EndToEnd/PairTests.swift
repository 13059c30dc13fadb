import Foundation
import Testing

@testable import FlexVLM

/// LLaVA-1.5 in the two files of llama.cpp's converters, against transformers on the same weights:
/// `Fixtures/pairs`. `old` is as the converter of 2023 wrote it (no `head_count_kv`, the tower's
/// feed-forward layers named the other way round), `new` has grouped queries, a RoPE base, tied
/// embeddings, Q4_K and Q6_K, and names one of several layers before the tower's last.
@Suite struct PairTests {
  struct Expected: Decodable {
    let prompt: String
    let inputIds: [Int]
    let tokens: [Int]
  }

  static func load(_ name: String) throws -> VisionLanguageModel {
    try VisionLanguageModel(
      contentsOfFile: Fixture.path("pairs/\(name)/model.gguf"),
      projector: Fixture.path("pairs/\(name)/mmproj.gguf"), threads: 2,
      precision: .float32)
  }

  @Test("Tokens and logits equal those of transformers", arguments: ["old", "new"])
  func generation(name: String) throws {
    let expected = try Fixture.json("pairs/\(name)/expected.json", as: Expected.self)
    let logits = try Safetensors("pairs/\(name)/expected.safetensors")
    let model = try Self.load(name)
    #expect(model.configuration.high == nil)
    let image = try model.encode(
      RGBImage(contentsOfFile: Fixture.path("pairs/\(name)/image.png")))
    let answer = try model.ask(
      .prompt(expected.prompt), about: image,
      options: GenerationOptions(maximumTokens: expected.tokens.count))
    #expect(answer.promptTokens == expected.inputIds)
    #expect(answer.steps.map(\.token) == expected.tokens)
    let (values, width) = (logits.floats("logits"), logits.shape("logits")[1])
    for (index, step) in answer.steps.enumerated() {
      for (id, logit) in step.top {
        // Logits reach about 10; torch and this engine sum in other orders.
        #expect(abs(logit - values[index * width + id]) < 1e-3, "logit of \(id) at step \(index)")
      }
    }
  }

  @Test("A question takes LLaVA-1.5's own conversation")
  func template() throws {
    let model = try Self.load("old")
    let parts = try model.promptTurns(for: .question("What?"), withImage: true)[0]
    #expect(parts.count == 2 && parts[1] == "\nWhat? ASSISTANT:")
    #expect(parts[0].hasPrefix("A chat between a curious user ") && parts[0].hasSuffix(" USER: "))
  }

  @Test("Half a pair, or halves that do not fit, say what is missing")
  func halves() throws {
    let (model, tower) = (
      Fixture.path("pairs/old/model.gguf"), Fixture.path("pairs/old/mmproj.gguf")
    )
    let whole = Fixture.path("parity/tiny-c/model.gguf")
    for (path, projector, reason) in [
      (model, nil, "lacks its vision tower"), (tower, nil, "lacks its language model"),
      (tower, tower, "lacks its language model"),
      (model, model, "its architecture is 'llama', not 'clip'"),
      (whole, tower, "is no llama.cpp model that needs a second file"),
      (model, Fixture.path("pairs/new/mmproj.gguf"), "mm.0.weight is 256 x 32"),
    ] as [(String, String?, String)] {
      #expect {
        _ = try VisionLanguageModel(contentsOfFile: path, projector: projector)
      } throws: {
        "\($0)".contains(reason)
      }
    }
  }

  typealias Change = (file: String, key: String, offset: Int, bytes: [UInt8], fault: String)

  /// Values of keys, changed at a distance from the key's end: 4 bytes of type, then the value.
  static let changes: [Change] = [
    ("mmproj", "clip.use_gelu", 4, [1], "clip.use_gelu is true: CLIP's quick-GELU is run"),
    (
      "mmproj", "clip.projector_type", 12, Array("ldp".utf8),
      "clip.projector_type is 'ldp': LLaVA's projector of two layers is run"
    ),
    ("mmproj", "clip.vision.feature_layer", 16, [9], "clip.vision.feature_layer is 9"),
    ("mmproj", "clip.vision.feature_layer", 16, [0], "clip.vision.feature_layer is 0"),
    ("mmproj", "clip.vision.block_count", 4, [2], "feature_layer is 3, where the tower has 2"),
    ("model", "llama.rope.freq_base", 4, [0, 0, 0, 0], "llama.rope.freq_base is 0.0"),
    ("model", "llama.attention.head_count_kv", 4, [3], "3 key heads do not divide 4"),
    (
      "model", "blk.1.attn_norm.weight", -7, Array("_x.bias".utf8),
      "blk.1.attn_norm_x.bias belongs"
    ),
  ]

  @Test(
    "Whatever bytes of a header are changed, loading fails cleanly or the model runs",
    arguments: ["model", "mmproj"])
  func mutation(file: String) throws {
    let paths = ["model", "mmproj"].map { Fixture.path("pairs/old/\($0).gguf") }
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: Fixture.path("pairs/old/\(file).gguf"))))
    let image = try RGBImage(contentsOfFile: Fixture.path("pairs/old/image.png"))
    var random = SeededGenerator(seed: 11)
    var loaded = 0
    for _ in 0..<150 {
      var changed = bytes
      for _ in 0..<3 {
        let place = Int.random(in: 0..<9000, using: &random)
        changed[place] = UInt8.random(in: 0...255, using: &random)
      }
      try withTemporaryFile(changed) { path in
        guard
          let model = try? VisionLanguageModel(
            contentsOfFile: file == "model" ? path : paths[0],
            projector: file == "model" ? paths[1] : path, threads: 1)
        else { return }
        loaded += 1
        _ = try? model.ask(
          .question("What?"), about: model.encode(image),
          options: GenerationOptions(maximumTokens: 2))
      }
    }
    #expect(loaded > 0)
  }

  @Test("A setting that this engine does not run is refused", arguments: changes.indices)
  func refused(index: Int) throws {
    let change = Self.changes[index]
    var data = try Data(
      contentsOf: URL(filePath: Fixture.path("pairs/new/\(change.file).gguf")))
    let start = data.range(of: Data(change.key.utf8))!.upperBound + change.offset
    data.replaceSubrange(start..<start + change.bytes.count, with: change.bytes)
    try withTemporaryFile(Array(data)) { path in
      let isTower = change.file == "mmproj"
      #expect {
        _ = try VisionLanguageModel(
          contentsOfFile: isTower ? Fixture.path("pairs/new/model.gguf") : path,
          projector: isTower ? path : Fixture.path("pairs/new/mmproj.gguf"))
      } throws: { error in
        guard case .unusable(_, let faults)? = error as? WeightsError else { return false }
        return faults.contains { $0.contains(change.fault) }
      }
    }
  }
}
