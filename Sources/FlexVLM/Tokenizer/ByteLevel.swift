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

  private static let bytes = Dictionary(
    uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

  /// The bytes that a piece stands for; nil where a character stands for none.
  static func bytes(of piece: some StringProtocol) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in piece.unicodeScalars {
      guard let byte = bytes[scalar] else { return nil }
      result.append(byte)
    }
    return result
  }
}
