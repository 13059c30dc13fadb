import Foundation
import Testing

@testable import FlexVLM

@Suite struct QuantizationTypeTests {
  typealias Row = (type: QuantizationType, name: String, shape: [Int], stored: TensorType)

  static let rows: [Row] = [
    (.f16, "blk.3.attn_q.weight", [256, 256], .f16),
    (.bf16, "v.patch_embd.weight", [64, 3, 14, 14], .bf16),
    (.f16, "v.position_embd.weight", [577, 64], .f32),
    (.q80, "v.class_embd", [64], .f32),
    (.q80, "blk.3.attn_norm.weight", [256], .f32),
    (.q80, "v.patch_embd.weight", [64, 3, 14, 14], .f16),
    (.q80, "v.patch_embd.weight", [64, 3, 32, 32], .f16),
    (.q80, "blk.3.ffn_down.weight", [256, 688], .f16),
    (.q40, "v.blk.0.attn_q.weight", [256, 256], .q8),
    (.q40, "mm.0.weight", [256, 256], .q8),
    (.q40, "blk.3.attn_k_hd.weight", [256, 256], .q8),
    (.q40, "blk.3.attn_v.weight", [256, 256], .q40),
    (.q40, "token_embd.weight", [512, 256], .q40),
    (.q40, "output.weight", [512, 256], .q6K),
    (.q40, "output.weight", [512, 96], .q8),
    // Of 16 layers the first and last two and every third between keep more bits in half of them.
    (.q40K, "blk.1.attn_v.weight", [256, 256], .q6K),
    (.q40K, "blk.2.attn_v.weight", [256, 256], .q4K),
    (.q40K, "blk.4.ffn_down.weight", [256, 512], .q6K),
    (.q40K, "blk.14.ffn_down.weight", [256, 512], .q6K),
    (.q40K, "blk.4.ffn_up.weight", [512, 256], .q4K),
    (.q40K, "blk.2.ffn_down.weight", [256, 96], .q50),
    (.q50K, "blk.2.ffn_down.weight", [256, 96], .q51),
    (.q60K, "blk.2.ffn_down.weight", [256, 96], .q8),
    (.q60K, "blk.2.ffn_down.weight", [256, 256], .q6K),
  ]

  @Test("Each tensor gets its type", arguments: rows.indices)
  func types(index: Int) {
    let row = Self.rows[index]
    #expect(
      row.type.type(of: row.name, shape: row.shape, layerCount: 16, tiesOutput: false)
        == row.stored)
  }

  @Test("An embedding that gives the logits too is stored as they are")
  func tied() {
    let type = QuantizationType.q40K.type(
      of: "token_embd.weight", shape: [512, 256], layerCount: 2, tiesOutput: true)
    #expect(type == .q6K)
  }

  @Test("Names are read in any case, unknown ones are refused")
  func names() {
    #expect(QuantizationType(name: "q4_k") == .q40K)
    #expect(QuantizationType(name: "Q4_K_M") == nil)
    for type in QuantizationType.allCases { #expect(type.base.description == type.rawValue) }
  }
}

@Suite struct ModelQuantizerTests {
  static let values: [Float] = {
    var random = SeededGenerator(seed: 3)
    return random.floats(4 * 64)
  }()

  static func source(_ values: [Float] = values, type: TensorType = .f32) -> GGUFWriter {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    writer.set("general.file_type", .integer(0))
    writer.set("general.alignment", .integer(32))
    writer.set("tokenizer.ggml.tokens", .strings(["a", "", "grüße"]))
    writer.add("blk.0.attn_norm.weight", shape: [64], bytes: TensorType.f32.packed(values.last64))
    writer.add(
      "blk.0.attn_q.weight", shape: [4, 64], type: type.rawValue, bytes: type.packed(values))
    return writer
  }

  static func quantized<Result>(
    _ source: GGUFWriter, to type: QuantizationType, _ body: (GGUFFile) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryFolder()
    return try withTemporaryFile(source.file) { path in
      let output = "\(folder.path)/out.gguf"
      _ = try ModelQuantizer(contentsOfFile: path, to: type, threads: 2).write(to: output)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.gguf"])
      return try body(GGUFFile(path: output))
    }
  }

  @Test("Weights are the nearest, vectors stay, metadata stay but for the type")
  func roundTrip() throws {
    try Self.quantized(Self.source(), to: .q50) { gguf in
      #expect(gguf.metadata["general.architecture"] == .string("llama"))
      #expect(gguf.metadata["general.file_type"] == .integer(8))
      #expect(gguf.metadata["general.quantization_version"] == .integer(2))
      #expect(gguf.metadata["tokenizer.ggml.tokens"] == .strings(["a", "", "grüße"]))
      #expect(gguf.tensors.map(\.name) == ["blk.0.attn_norm.weight", "blk.0.attn_q.weight"])
      #expect(gguf.tensors.map(\.type) == [.f32, .q50])
      #expect(gguf.tensors.allSatisfy { $0.offset % 32 == 0 })
      let tensor = gguf.tensors[1]
      let stored = WeightMatrix(
        type: .q50, rows: 4, columns: 64, file: gguf.file, offset: tensor.offset
      ).gathered(rows: 0..<4)
      let expected = TensorType.q50.widened(TensorType.q50.packed(Self.values))
      #expect((0..<4).flatMap { stored.values(row: $0) } == expected)
    }
  }

  @Test("What cannot be stored is refused, and nothing is left behind")
  func faults() throws {
    var (infinite, large) = (Self.values, Self.values)
    (infinite[9], large[9]) = (.infinity, 1e6)
    for (source, type, fault) in [
      (Self.source(infinite), .q40, "blk.0.attn_q.weight holds infinite values"),
      (Self.source(large), .f16, "blk.0.attn_q.weight exceeds the range of F16"),
      (Self.source(type: .q8), .q40, "blk.0.attn_q.weight is Q8_0 already"),
    ] as [(GGUFWriter, QuantizationType, String)] {
      let folder = try TemporaryFolder()
      try withTemporaryFile(source.file) { path in
        #expect {
          _ = try ModelQuantizer(contentsOfFile: path, to: type).write(to: "\(folder.path)/o")
        } throws: {
          "\($0)".contains(fault)
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("An existing file is kept; a cancelled run leaves none")
  func keeping() throws {
    let folder = try TemporaryFolder()
    let kept = try folder.write("kept", to: "kept")
    try withTemporaryFile(Self.source().file) { path in
      let quantizer = try ModelQuantizer(contentsOfFile: path, to: .q80)
      #expect {
        _ = try quantizer.write(to: kept)
      } throws: {
        "\($0)".contains("it exists")
      }
      #expect(throws: CancellationError.self) {
        _ = try quantizer.write(to: "\(folder.path)/new", isCancelled: { true })
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kept"])
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "kept")
  }
}

extension [Float] {
  fileprivate var last64: [Float] { Array(suffix(64)) }
}
