/// Turns token ids into text as they come; never hands out half a character.
struct StreamingDetokenizer {
  private let vocabulary: Vocabulary
  /// Bytes of byte pieces that may still become a character.
  private var pending: [UInt8] = []
  private var isAtStart = true

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// The text that one more token completes.
  mutating func append(_ id: Int) -> String {
    // A model may have more embeddings than pieces; the spare ones have no text.
    guard vocabulary.pieces.indices.contains(id) else { return "" }
    switch vocabulary.kinds[id] {
    case .unknown, .control, .unused: return ""
    case .byte, .normal, .userDefined:
      if let bytes = vocabulary.bytes(of: id) {
        isAtStart = false
        pending += bytes
        return takeCharacters(final: false)
      }
      var text = vocabulary.pieces[id].unicodeScalars
      // The space prefix of encoding, undone.
      if isAtStart, vocabulary.addsSpacePrefix, text.first == "\u{2581}" { text.removeFirst() }
      isAtStart = false
      return takeCharacters(final: true)
        + String(String.UnicodeScalarView(text.map { $0 == "\u{2581}" ? " " : $0 }))
    }
  }

  /// What is left when no more tokens come.
  mutating func finish() -> String { takeCharacters(final: true) }

  /// Whole characters from the pending bytes; a byte that cannot begin or continue one becomes
  /// U+FFFD by itself, as SentencePiece has it.
  private mutating func takeCharacters(final: Bool) -> String {
    var text = ""
    while let first = pending.first {
      let length = Self.sequenceLength(first)
      if pending.count < length, !final, Self.isPrefix(pending) { break }
      if let character = String(validating: pending.prefix(length), as: UTF8.self),
        pending.count >= length
      {
        text += character
        pending.removeFirst(length)
      } else {
        text += "\u{FFFD}"
        pending.removeFirst()
      }
    }
    return text
  }

  private static func sequenceLength(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  private static func isPrefix(_ bytes: [UInt8]) -> Bool {
    bytes.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
  }
}
