import Testing

@testable import FlexVLM

/// Against gguf-py, which widens every type, and ggml, which packs them: `Fixtures/types`.
@Suite struct TensorTypeTests {
  static let vectors = try! Safetensors("types/types.safetensors")
  static let packed = TensorType.allCases.filter { $0.blockSize > 1 }

  static func bytes(_ name: String) -> [UInt8] { vectors.floats(name).map { UInt8($0) } }

  @Test("Blocks widen to the very bits", arguments: packed)
  func widening(type: TensorType) {
    let widened = type.widened(Self.bytes("\(type).blocks"))
    let expected = Self.vectors.floats("\(type).values")
    #expect(widened.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("Numbers pack to the very bytes", arguments: TensorType.allCases.filter { $0 != .f32 })
  func packing(type: TensorType) {
    let packed = type.packed(Self.vectors.floats("input"))
    let expected = Self.bytes("\(type).packed")
    let size = type.blockBytes
    let different = (0..<expected.count / size).filter { block in
      packed[block * size..<(block + 1) * size] != expected[block * size..<(block + 1) * size]
    }
    #expect(packed.count == expected.count)
    #expect(different.isEmpty, "blocks of \(type.blockSize)")
  }

  @Test("What is not finite packs to something, without a crash", arguments: TensorType.allCases)
  func notFinite(type: TensorType) {
    for value in [Float.nan, .infinity, -.infinity, .leastNonzeroMagnitude] {
      var random = SeededGenerator(seed: 4)
      var numbers = random.floats(256)
      numbers[17] = value
      #expect(type.packed(numbers).count == type.byteCount(elements: 256))
    }
  }
}

extension TensorType {
  func packed(_ numbers: [Float]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: byteCount(elements: numbers.count)) {
      unsafe kernels.quantize(numbers, numbers.count, $0.baseAddress)
      $1 = byteCount(elements: numbers.count)
    }
  }

  func widened(_ bytes: [UInt8]) -> [Float] {
    let count = bytes.count / blockBytes * blockSize
    return unsafe [Float](unsafeUninitializedCapacity: count) {
      unsafe kernels.widen(bytes, count, $0.baseAddress)
      $1 = count
    }
  }
}
