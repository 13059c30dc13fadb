/// The forms in which LLaVA's and FlexAttention's files hold TextVQA's questions.
enum TextVQAPrompt {
  /// The question within a prompt; nil for a prompt of unknown form.
  ///
  /// LLaVA's `eval_textvqa.py` counts lines; here the lines that it adds are recognised, which is the
  /// same for questions of one line and also finds longer ones.
  static func question(of prompt: String) -> String? {
    let scalars = CodePoints(prompt)
    if scalars.starts(with: CodePoints("OCR tokens: ")) {
      guard let start = scalars.firstOccurrence(of: CodePoints("Question: "))?.upperBound,
        let end = scalars.firstOccurrence(of: CodePoints(" Short answer:"), from: start)?.lowerBound
      else { return nil }
      return CodePoints(scalars[start..<end]).text
    }
    let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    func text(_ lines: ArraySlice<ArraySlice<Unicode.Scalar>>) -> String {
      CodePoints(lines.joined(separator: CodePoints("\n"))).text
    }
    let tokens = lines.firstIndex { $0.starts(with: CodePoints("Reference OCR token:")) }
    if let tokens, lines.count >= 3 {
      if tokens == 0 { return text(lines[1..<lines.count - 1]) }
      return text(lines.count == 3 ? lines[..<1] : lines[..<tokens])
    }
    // FlexAttention stores the whole chat: its first line ends with the image, its last is the
    // request for a short answer.
    if lines.count >= 3, scalars.contains(part: CodePoints("ASSISTANT:")) {
      return text(lines[1..<lines.count - 1])
    }
    let endsWithRequest = lines.last.map { $0.elementsEqual(request) } ?? false
    return lines.count == 2 || endsWithRequest && lines.count > 2 ? text(lines.dropLast()) : nil
  }

  private static let request = CodePoints(PromptTemplate.shortAnswer)
}
