/// An answer's text as it grows, without white space at either end.
struct AnswerText {
  private var detokenizer: StreamingDetokenizer
  /// White space that is only part of the answer if more follows.
  private var held = ""
  private(set) var text = ""

  init(_ vocabulary: Vocabulary) { detokenizer = StreamingDetokenizer(vocabulary) }

  /// What one more token adds to the text.
  mutating func append(_ token: Int) -> String { take(detokenizer.append(token)) }

  /// What is left when no more tokens come.
  mutating func finish() -> String { take(detokenizer.finish()) }

  private mutating func take(_ new: String) -> String {
    let candidate = text.isEmpty ? String(new.drop(while: \.isWhitespace)) : held + new
    let end = candidate.lastIndex { !$0.isWhitespace }.map(candidate.index(after:))
    let visible = String(candidate[..<(end ?? candidate.startIndex)])
    held = String(candidate[visible.endIndex...])
    text += visible
    return visible
  }
}
