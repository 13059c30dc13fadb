/// GPT-2's way of writing bytes as printable characters (Radford et al., 2019): a space is "Ġ", a
/// new line "Ċ".
enum ByteLevel {
  /// The character of each byte: itself where it is printable in Latin-1, else U+0100 and up.
  private static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(next)!
      }
    }
  }()

  /// By a character's number, the byte that it stands for.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = UInt8(byte) }
    return bytes
  }()

  /// The bytes that a piece stands for; nil where a character stands for none.
  static func bytes(of piece: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(piece.utf8.count)
    for scalar in piece.unicodeScalars {
      guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else { return nil }
      result.append(byte)
    }
    return result
  }

  /// The bytes of two pieces with a space between them, and where the second one's begin; nil for
  /// anything else.
  static func pair(_ text: String) -> (bytes: [UInt8], middle: Int)? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var middle: Int?
    for scalar in text.unicodeScalars {
      if scalar == " " {
        guard middle == nil else { return nil }
        middle = result.count
      } else {
        guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else { return nil }
        result.append(byte)
      }
    }
    return middle.map { (result, $0) }
  }
}
