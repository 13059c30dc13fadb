internal import Dispatch
internal import Synchronization

// The forms for asynchronous code: work runs on a thread of its own, and not in the cooperative pool,
// whose threads it would block.

extension VisionLanguageModel {
  /// Looks at an image, as the form that blocks does.
  ///
  /// - Throws: ``InferenceError/outOfMemory(bytes:)``
  public func encode(
    _ image: RGBImage, cache: ImageCache? = nil
  ) async throws(InferenceError) -> EncodedImage {
    try await onItsOwnThread { () throws(InferenceError) in try self.encode(image, cache: cache) }
  }

  /// Answers a query, as the form that blocks does. Where the task is cancelled, the answer ends with
  /// the next piece of text, and its reason is ``Answer/FinishReason/cancelled``.
  ///
  /// - Parameters:
  ///   - query: a question for the template, or a whole prompt.
  ///   - image: nil for text alone.
  ///   - options: length, selection and sampling.
  ///   - onText: receives the answer piece by piece; false stops it.
  /// - Throws: ``InferenceError``
  public func ask(
    _ query: Query, about image: EncodedImage?, options: GenerationOptions = .init(),
    onText: @escaping @Sendable (String) -> Bool = { _ in true }
  ) async throws(InferenceError) -> Answer {
    let cancelled = CancellationFlag()
    let result = await withTaskCancellationHandler {
      await resultOnItsOwnThread { () throws(InferenceError) in
        try self.ask(query, about: image, options: options) { onText($0) && !cancelled.isSet }
      }
    } onCancel: {
      cancelled.set()
    }
    return try result.get()
  }

  /// Scores options, as the form that blocks does.
  ///
  /// - Throws: ``InferenceError``
  public func score(
    _ query: Query, options: [String], about image: EncodedImage?,
    selection: SelectionOptions = SelectionOptions(), includingEnd: Bool = false
  ) async throws(InferenceError) -> OptionScores {
    try await onItsOwnThread { () throws(InferenceError) in
      try self.score(
        query, options: options, about: image, selection: selection, includingEnd: includingEnd)
    }
  }

  /// Answers a query as a stream of text pieces that ends with the answer.
  ///
  /// - Throws (from the stream): ``InferenceError``
  public func stream(
    _ query: Query, about image: EncodedImage?, options: GenerationOptions = .init()
  ) -> AnswerStream {
    AnswerStream { onText async throws(InferenceError) in
      try await self.ask(query, about: image, options: options, onText: onText)
    }
  }
}

private func onItsOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws(InferenceError) -> Value
) async throws(InferenceError) -> Value {
  try await resultOnItsOwnThread(body).get()
}

private func resultOnItsOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws(InferenceError) -> Value
) async -> Result<Value, InferenceError> {
  await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      continuation.resume(returning: Result { () throws(InferenceError) in try body() })
    }
  }
}

private final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}
