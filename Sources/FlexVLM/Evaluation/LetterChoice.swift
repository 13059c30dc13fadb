/// The options that a prompt lists by letters from A on: "(A) red", or lines such as "A. red".
struct LetterChoice {
  /// Lower case, without white space and a sign at the end.
  private let options: [CodePoints]

  init(_ prompt: String) {
    let text = CodePoints(prompt)
    let bracketed = Self.options(in: text) { text, start, letter in
      text[start...].starts(with: ["(", letter, ")"]) ? 3 : nil
    }
    let lined = Self.options(in: text) { text, start, letter in
      let startsLine = start == 0 || text[start - 1] == "\n"
      return startsLine && start + 1 < text.count && text[start] == letter
        && ".):".unicodeScalars.contains(text[start + 1]) ? 2 : nil
    }
    options = bracketed.count >= 2 ? bracketed : lined.count >= 2 ? lined : []
  }

  /// Whether the truths are the letter of an option.
  func has(_ truths: [String]) -> Bool {
    truths.count == 1 && options.indices.contains { Self.letter($0) == truths[0] }
  }

  /// The letter that an answer gives: at its start, by the option's text, in brackets, after "answer
  /// is", or by the only option that the answer mentions; nil if none.
  func letter(of answer: String) -> String? {
    let text = CodePoints(answer).stripped()
    if let letter = leadingLetter(of: text[...]) { return letter }
    let lowered = Self.trimmed(text)
    if let index = options.firstIndex(of: lowered) { return Self.letter(index) }
    for start in text.indices where text[start] == "(" {
      if let letter = leadingLetter(of: text[start...]) { return letter }
    }
    if let end = text.firstOccurrence(of: CodePoints("answer is"))?.upperBound,
      let letter = leadingLetter(of: text[end...].drop { " :".unicodeScalars.contains($0) })
    {
      return letter
    }
    let mentioned = options.indices.filter {
      !options[$0].isEmpty && lowered.contains(part: options[$0])
    }
    return mentioned.count == 1 ? Self.letter(mentioned[0]) : nil
  }

  /// An option's letter that stands alone or before a sign, perhaps in brackets.
  private func leadingLetter(of text: ArraySlice<Unicode.Scalar>) -> String? {
    let text = text.first == "(" ? text.dropFirst() : text
    guard let first = text.first, let letter = known(first) else { return nil }
    guard let next = text.dropFirst().first else { return letter }
    return ".):,\n".unicodeScalars.contains(next) ? letter : nil
  }

  private func known(_ scalar: Unicode.Scalar) -> String? {
    options.indices.map(Self.letter).first { $0.unicodeScalars.elementsEqual([scalar]) }
  }

  private static func letter(_ index: Int) -> String { scalar(index).map(String.init) ?? "" }

  private static func scalar(_ index: Int) -> Unicode.Scalar? {
    index < 26 ? Unicode.Scalar(UInt8(ascii: "A") + UInt8(index)) : nil
  }

  /// - Parameter mark: the length of the mark that begins at a place, if a letter's does.
  private static func options(
    in text: CodePoints, mark: (CodePoints, Int, Unicode.Scalar) -> Int?
  ) -> [CodePoints] {
    var options: [CodePoints] = []
    var start: Int?
    var index = 0
    while index < text.count {
      if let letter = scalar(options.count + (start == nil ? 0 : 1)),
        let length = mark(text, index, letter)
      {
        if let start { options.append(trimmed(CodePoints(text[start..<index]))) }
        index += length
        start = index
      } else {
        index += 1
      }
    }
    guard let start else { return [] }
    // A request for the letter may follow the last option on a line of its own.
    let last = text[start...].prefix { $0 != "\n" }
    return options + [trimmed(CodePoints(last))]
  }

  private static func trimmed(_ text: CodePoints) -> CodePoints {
    var text = text.lowered().stripped()
    if let last = text.last, ".,;".unicodeScalars.contains(last) { text.removeLast() }
    return text
  }
}
