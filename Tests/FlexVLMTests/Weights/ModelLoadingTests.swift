import Foundation
import Testing

@testable import FlexVLM

/// Model files that are well-formed GGUF but no complete model.
@Suite struct ModelLoadingTests {
  static let path = Fixture.path("parity/tiny-c/model.gguf")

  /// The fixture's bytes with one occurrence of a text replaced by one of the same length.
  static func file(replacing old: String, with new: String) throws -> [UInt8] {
    precondition(old.utf8.count == new.utf8.count)
    var data = try Data(contentsOf: URL(filePath: path))
    data.replaceSubrange(data.range(of: Data(old.utf8))!, with: Data(new.utf8))
    return Array(data)
  }

  /// The fixture's bytes with the value behind a metadata key replaced.
  static func file(setting key: String, to value: UInt32) throws -> [UInt8] {
    bytes(Array(try Data(contentsOf: URL(filePath: path))), setting: key, to: value)
  }

  private static func bytes(_ bytes: [UInt8], setting key: String, to value: UInt32) -> [UInt8] {
    var data = Data(bytes)
    let end = data.range(of: Data(key.utf8))!.upperBound
    data.replaceSubrange(end + 4..<end + 8, with: Data(value.littleEndianBytes))
    return Array(data)
  }

  static func faults(_ bytes: [UInt8]) throws -> [String] {
    try withTemporaryFile(bytes) { path in
      do {
        _ = try VisionLanguageModel(contentsOfFile: path)
        return []
      } catch WeightsError.unusable(_, let faults) {
        return faults
      }
    }
  }

  @Test("Missing tensors are all reported at once")
  func missing() throws {
    var bytes = try Self.file(replacing: "blk.3.attn_q.weight", with: "blk.3.attn_x.weight")
    bytes = bytes.replacing(
      Array("output_norm.weight".utf8), with: Array("output_morn.weight".utf8))
    #expect(
      try Self.faults(bytes) == [
        "the tensor blk.3.attn_q.weight is missing",
        "the tensor output_norm.weight is missing",
      ])
  }

  @Test(
    "Hyper-parameters that make no sense are refused",
    arguments: [
      ("flexvlm.block_count", 0, "flexvlm.block_count is 0"),
      ("flexvlm.block_count", 4_000_000_000, "flexvlm.block_count is 4000000000"),
      ("flexvlm.attention.head_count", 7, "7 heads do not divide"),
      ("flexvlm.attention.head_count_kv", 3, "3 key heads do not divide"),
      ("clip.vision.patch_size", 13, "in patches of 13"),
      ("clip.vision.attention.head_count", 5, "5 vision heads do not divide"),
      ("flexvlm.vision.low_size", 1400, "a low view of 1400 pixels"),
      ("flexvlm.vision.high_size", 421, "does not make whole crops"),
      ("flexvlm.vision.zoom", 2, "does not make whole crops"),
      ("flexvlm.selection.grid", 100, "100 cells a side"),
      ("flexvlm.selection.threshold", 256, "flexvlm.selection.threshold is 256"),
      ("flexvlm.context_length", 64, "100 image tokens do not fit"),
      ("flexvlm.vision.high_size", 4116, "4116 pixels a side of the view"),
      ("clip.vision.image_size", 980, "70 patches a side of a crop"),
      ("flexvlm.feed_forward_length", 4000, "66 times the width in the feed-forward part"),
      ("clip.vision.feed_forward_length", 100_000, "times the width in the tower's feed-forward"),
      ("flexvlm.vocab_size", 100, "512 tokens, more than the 100"),
      ("tokenizer.ggml.eos_token_id", 512, "tokenizer.ggml.eos_token_id is 512"),
    ] as [(String, UInt32, String)])
  func nonsense(key: String, value: UInt32, fault: String) throws {
    let faults = try Self.faults(Self.file(setting: key, to: value))
    #expect(faults.contains { $0.contains(fault) }, "\(faults)")
  }

  @Test("What no tensor bounds is bounded before anything is allocated")
  func demands() throws {
    var bytes = try Self.file(setting: "flexvlm.context_length", to: 1_048_576)
    bytes = Self.bytes(bytes, setting: "flexvlm.attention.head_count", to: 1)
    let faults = try Self.faults(bytes)
    #expect(faults.contains { $0.hasPrefix("62914560 components of rotary positions") })
    bytes = Self.bytes(bytes, setting: "flexvlm.context_length", to: 4096)
    bytes = Self.bytes(bytes, setting: "clip.vision.patch_size", to: 1)
    #expect(try Self.faults(bytes).contains { $0.contains(" patches a side of the high view") })
  }

  @Test("The model's name goes on one line, whatever is in it")
  func name() throws {
    let bytes = try Self.file(replacing: "tiny-c", with: "\u{1B}[1m\n\u{7}")
    try withTemporaryFile(bytes) { path in
      let name = try VisionLanguageModel(contentsOfFile: path, threads: 1).configuration.name
      #expect(name == #"\u{1B}[1m\u{A}\u{7}"#)
    }
  }

  @Test("A model that loses its end while it is in use is an error with the next request")
  func cutShort() throws {
    let picture = try RGBImage(contentsOfFile: Fixture.path("parity/tiny-c/image.png"))
    try withTemporaryFile([UInt8](Data(contentsOf: URL(filePath: Self.path)))) { path in
      let model = try VisionLanguageModel(contentsOfFile: path, threads: 1)
      let image = try model.encode(picture)
      try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 4096)
      #expect(throws: InferenceError.modelCutShort(path: path)) {
        try model.ask(.question("What?"), about: image)
      }
    }
  }

  @Test("A model that computes NaN is an error, and no answer")
  func notANumber() throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: Self.path)))
    let norm = try GGUFFile(path: Self.path).tensors.first { $0.name == "output_norm.weight" }!
    bytes.replaceSubrange(
      norm.offset..<norm.offset + 4, with: Float.nan.bitPattern.littleEndianBytes)
    let picture = try RGBImage(contentsOfFile: Fixture.path("parity/tiny-c/image.png"))
    try withTemporaryFile(bytes) { path in
      let model = try VisionLanguageModel(contentsOfFile: path, threads: 1)
      let image = try model.encode(picture)
      #expect(throws: InferenceError.notANumber) {
        try model.ask(.question("What?"), about: image)
      }
      #expect(throws: InferenceError.notANumber) {
        try model.score(.question("What?"), options: ["a"], about: image)
      }
    }
  }

  @Test("Sizes that disagree with the tensors are refused, tensor by tensor")
  func shapes() throws {
    let faults = try Self.faults(Self.file(setting: "flexvlm.feed_forward_length", to: 96))
    #expect(faults.count == 30)  // gate, up and down of 10 layers
    #expect(faults[0] == "the tensor blk.0.ffn_gate.weight is 128 x 60, where 96 x 60 is needed")
  }

  @Test("A model cut short is refused")
  func truncated() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: Self.path)))
    for length in stride(from: 0, to: bytes.count, by: bytes.count / 60) {
      try withTemporaryFile(Array(bytes[..<length])) { path in
        #expect(throws: WeightsError.self) { try VisionLanguageModel(contentsOfFile: path) }
      }
    }
  }

  @Test("Whatever bytes of the header are changed, loading fails cleanly or the model runs")
  func mutation() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: Self.path)))
    let image = try RGBImage(contentsOfFile: Fixture.path("parity/tiny-c/image.png"))
    var random = SeededGenerator(seed: 5)
    var loaded = 0
    for _ in 0..<300 {
      var changed = bytes
      for _ in 0..<3 {
        changed[Int.random(in: 0..<24_000, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      try withTemporaryFile(changed) { path in
        guard let model = try? VisionLanguageModel(contentsOfFile: path, threads: 1) else { return }
        loaded += 1
        _ = try? model.ask(
          .question("What?"), about: model.encode(image),
          options: GenerationOptions(maximumTokens: 2))
      }
    }
    #expect(loaded > 0)
  }
}
