/// What is put before the model: a question that goes into its template, or a whole prompt.
public enum Query: Sendable, Equatable {
  /// Goes into the model's template, after ``cleaned(question:)``.
  case question(String)
  /// Used verbatim; `<image>` marks the image's place.
  case prompt(String)
  /// Goes into the model's template, if that is a conversation; each question as one alone.
  case conversation(Conversation)

  /// A question without what files put around it: byte order marks (U+FEFF), which stand wherever
  /// files were joined, and one `<image>` at either end with the white space beside it, which in
  /// LLaVA's data sets is the image's place. Between other words `<image>` is text.
  ///
  /// - Returns: nil for a blank question.
  public static func cleaned(question text: String) -> String? {
    let place = Tokenizer.imagePlace.unicodeScalars
    let scalars = text.unicodeScalars.filter { $0 != "\u{FEFF}" }
    var rest = scalars[...]
    let head = rest.drop(while: \.properties.isWhitespace)
    if head.starts(with: place) {
      rest = head.dropFirst(place.count).drop(while: \.properties.isWhitespace)
    }
    let tail = rest.trimmedAtEnd
    if tail.reversed().starts(with: place.reversed()) {
      rest = tail.dropLast(place.count).trimmedAtEnd
    }
    return rest.contains(where: \.isVisible) ? String(rest) : nil
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var trimmedAtEnd: Self {
    self[..<(lastIndex { !$0.properties.isWhitespace }.map(index(after:)) ?? startIndex)]
  }
}

extension Unicode.Scalar {
  /// Neither white space nor a sign without a shape, such as U+200B.
  fileprivate var isVisible: Bool {
    !properties.isWhitespace && ![.control, .format].contains(properties.generalCategory)
  }
}
