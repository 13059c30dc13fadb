internal import Dispatch
internal import Synchronization

extension VisionLanguageModel {
  /// Answers a query as a stream of text pieces; ending the iteration stops the generation.
  ///
  /// - Throws (from the stream): ``InferenceError``
  public func stream(
    _ query: Query, about image: EncodedImage?, options: GenerationOptions = .init()
  ) -> AsyncThrowingStream<String, any Error> {
    AsyncThrowingStream { continuation in
      let cancelled = CancellationFlag()
      continuation.onTermination = { _ in cancelled.set() }
      // Not a task: the decoder would block a thread of the cooperative pool.
      DispatchQueue.global().async {
        do {
          _ = try self.ask(query, about: image, options: options) { text in
            continuation.yield(text)
            return !cancelled.isSet
          }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
  }
}

private final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}
