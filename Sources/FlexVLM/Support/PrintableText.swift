extension StringProtocol {
  /// The text as it may go to a terminal: what could steer one is spelled out, such as "\u{1B}" for
  /// the character that begins its commands. Line feeds and tabs stay.
  package var printable: String { spellingOut { $0.steersTerminals && $0 != "\n" && $0 != "\t" } }

  /// The text for a place within a line: line feeds and tabs are spelled out too.
  package var printableInLine: String { spellingOut(\.steersTerminals) }

  /// A line of JSON that says the same; its encoder spells out the first 32 characters alone.
  package var printableJSON: String {
    spellingOut(\.steersTerminals) { digits in
      "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  private func spellingOut(
    _ isSpelledOut: (Unicode.Scalar) -> Bool, as form: (String) -> String = { "\\u{\($0)}" }
  ) -> String {
    guard unicodeScalars.contains(where: isSpelledOut) else { return String(self) }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if isSpelledOut(scalar) {
        text += form(String(scalar.value, radix: 16, uppercase: true))
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether a terminal takes the character for a command, or for one to write backwards.
  package var steersTerminals: Bool {
    switch value {
    case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: properties.generalCategory == .control
    }
  }
}
