/// An answer's text piece by piece, and at the end the answer itself.
///
/// ```swift
/// let stream = model.stream("what is the total?", about: image)
/// for try await text in stream { print(text, terminator: "") }
/// print(try await stream.answer.statistics.decodeTime)
/// ```
///
/// The generation begins with the stream and does not wait for its reader. It stops with the next
/// piece of text where the loop is left, the reader's task cancelled, or the stream dropped. A stream
/// is read once.
public struct AnswerStream: AsyncSequence, Sendable {
  private let pieces: AsyncStream<String>
  private let generation: Task<Result<Answer, InferenceError>, Never>

  /// - Parameter generate: gives each piece of text to its argument, and returns the answer.
  init(
    _ generate:
      @escaping @Sendable (
        _ onText: @escaping @Sendable (String) -> Bool
      ) async throws(InferenceError) -> Answer
  ) {
    let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
    let generation = Task {
      defer { continuation.finish() }
      do throws(InferenceError) {
        let answer = try await generate { text in
          continuation.yield(text)
          return true
        }
        return Result<Answer, InferenceError>.success(answer)
      } catch {
        return .failure(error)
      }
    }
    continuation.onTermination = { _ in generation.cancel() }
    (self.pieces, self.generation) = (pieces, generation)
  }

  /// The whole answer, once it is complete; of a stream that was left early, as much as there is, with
  /// the reason ``Answer/FinishReason/cancelled``. The text need not have been read.
  ///
  /// - Throws: ``InferenceError``
  public var answer: Answer {
    get async throws(InferenceError) {
      let result = await withTaskCancellationHandler {
        await generation.value
      } onCancel: {
        generation.cancel()
      }
      return try result.get()
    }
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(pieces: pieces.makeAsyncIterator(), generation: generation)
  }

  /// Reads a stream; the generation ends with it.
  public final class Iterator: AsyncIteratorProtocol {
    private var pieces: AsyncStream<String>.Iterator
    private let generation: Task<Result<Answer, InferenceError>, Never>

    fileprivate init(
      pieces: AsyncStream<String>.Iterator, generation: Task<Result<Answer, InferenceError>, Never>
    ) {
      (self.pieces, self.generation) = (pieces, generation)
    }

    deinit { generation.cancel() }

    /// - Throws: ``InferenceError``
    public func next() async throws -> String? {
      if let piece = await pieces.next() { return piece }
      // A reader that is cancelled does not wait for the generation to notice.
      if !Task.isCancelled { _ = try await generation.value.get() }
      return nil
    }
  }
}
