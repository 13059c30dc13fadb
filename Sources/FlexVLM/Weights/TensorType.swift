/// How a tensor's numbers are stored; raw values are GGUF's type codes.
enum TensorType: UInt32, CaseIterable, Sendable, CustomStringConvertible {
  case f32 = 0
  case f16 = 1
  case q8 = 8
  case bf16 = 30

  /// Numbers that are stored together; rows are whole multiples of it.
  var blockSize: Int { self == .q8 ? 32 : 1 }

  /// Bytes of one block.
  var blockBytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8: 34
    }
  }

  func byteCount(elements: Int) -> Int { elements / blockSize * blockBytes }

  var description: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .q8: "Q8_0"
    }
  }
}
