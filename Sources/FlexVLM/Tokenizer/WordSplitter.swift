/// GPT-2's division of a text into words, within which pieces merge:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// SmolLM2 first takes every digit (of category N) as a word of its own; the pattern then sees the
/// stretches between digits as whole texts.
struct WordSplitter {
  private enum Class { case letter, number, space, other }

  private static let contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map {
    Array($0.unicodeScalars)
  }

  /// Whether digits stand alone.
  let splitsDigits: Bool

  /// The words of a text, in order, with nothing between them.
  ///
  /// - Complexity: O(n)
  func words(of text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    let classes = scalars.map(Self.class(of:))
    var words: [String] = []
    var start = 0
    while start < scalars.count {
      let end = self.end(of: start, scalars, classes)
      words.append(String(String.UnicodeScalarView(scalars[start..<end])))
      start = end
    }
    return words
  }

  private func end(of start: Int, _ scalars: [Unicode.Scalar], _ classes: [Class]) -> Int {
    func endOfRun(_ first: Int) -> Int {
      classes[first...].firstIndex { $0 != classes[first] } ?? classes.count
    }
    func isDigit(_ index: Int) -> Bool { splitsDigits && classes[index] == .number }

    if isDigit(start) { return start + 1 }
    if scalars[start] == "'" {
      for letters in Self.contractions where scalars[(start + 1)...].starts(with: letters) {
        return start + 1 + letters.count
      }
    }
    // One space may lead a run of another class.
    let first = scalars[start] == " " && start + 1 < classes.count ? start + 1 : start
    if classes[first] != .space, !isDigit(first) { return endOfRun(first) }
    let end = endOfRun(start)
    // White space before a word leaves its last character to the word, or to stand alone.
    let isLast = end == classes.count || isDigit(end)
    return isLast || end == start + 1 ? end : end - 1
  }

  private static func `class`(of scalar: Unicode.Scalar) -> Class {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      .letter
    case .decimalNumber, .letterNumber, .otherNumber: .number
    default: scalar.properties.isWhitespace ? .space : .other
    }
  }
}
