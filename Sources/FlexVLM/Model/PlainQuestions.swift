// Questions as plain text, each what ``Query/question(_:)`` makes of it.

extension VisionLanguageModel {
  /// Answers a question about an image; blocks the calling thread until the answer is complete.
  ///
  /// - Parameters:
  ///   - question: goes into the model's template.
  ///   - image: nil for text alone.
  ///   - options: length, selection and sampling.
  ///   - onText: receives the answer piece by piece; false stops it.
  /// - Throws: ``InferenceError``
  public func ask(
    _ question: String, about image: EncodedImage?, options: GenerationOptions = .init(),
    onText: (String) -> Bool = { _ in true }
  ) throws(InferenceError) -> Answer {
    try ask(.question(question), about: image, options: options, onText: onText)
  }

  /// Answers a question about an image without blocking.
  ///
  /// - Parameters:
  ///   - question: goes into the model's template.
  ///   - image: nil for text alone.
  ///   - options: length, selection and sampling.
  ///   - onText: receives the answer piece by piece; false stops it.
  /// - Throws: ``InferenceError``
  public func ask(
    _ question: String, about image: EncodedImage?, options: GenerationOptions = .init(),
    onText: @escaping @Sendable (String) -> Bool = { _ in true }
  ) async throws(InferenceError) -> Answer {
    try await ask(.question(question), about: image, options: options, onText: onText)
  }

  /// Answers a question about an image as a stream of text pieces that ends with the answer.
  ///
  /// - Throws (from the stream): ``InferenceError``
  public func stream(
    _ question: String, about image: EncodedImage?, options: GenerationOptions = .init()
  ) -> AnswerStream {
    stream(.question(question), about: image, options: options)
  }

  /// Scores options as answers to a question; blocks the calling thread meanwhile.
  ///
  /// - Parameters:
  ///   - question: goes into the model's template.
  ///   - options: two or more answers, usually.
  ///   - image: nil for text alone.
  ///   - selection: what is seen of the high view.
  ///   - includingEnd: whether the end-of-sequence token counts as an option's last token.
  /// - Throws: ``InferenceError``
  public func score(
    _ question: String, options: [String], about image: EncodedImage?,
    selection: SelectionOptions = SelectionOptions(), includingEnd: Bool = false
  ) throws(InferenceError) -> OptionScores {
    try score(
      .question(question), options: options, about: image, selection: selection,
      includingEnd: includingEnd)
  }

  /// Scores options as answers to a question without blocking.
  ///
  /// - Parameters:
  ///   - question: goes into the model's template.
  ///   - options: two or more answers, usually.
  ///   - image: nil for text alone.
  ///   - selection: what is seen of the high view.
  ///   - includingEnd: whether the end-of-sequence token counts as an option's last token.
  /// - Throws: ``InferenceError``
  public func score(
    _ question: String, options: [String], about image: EncodedImage?,
    selection: SelectionOptions = SelectionOptions(), includingEnd: Bool = false
  ) async throws(InferenceError) -> OptionScores {
    try await score(
      .question(question), options: options, about: image, selection: selection,
      includingEnd: includingEnd)
  }
}
