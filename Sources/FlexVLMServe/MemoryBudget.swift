internal import Synchronization

/// Bounds what all bodies that are being read or worked on take together.
package final class MemoryBudget: Sendable {
  private let limit: Int
  private let used = Mutex(0)

  /// - Parameter limit: in bytes.
  package init(limit: Int) { self.limit = limit }

  /// Runs `body` with so many bytes set aside.
  ///
  /// - Throws: ``APIError`` 429 where they are not left; what `body` throws.
  package func reserving<Value>(
    _ bytes: Int, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let isLeft = used.withLock { used in
      guard bytes <= limit - used else { return false }
      used += bytes
      return true
    }
    guard isLeft else {
      throw APIError(
        429, "Too many large requests at the same time; try again later.",
        code: "rate_limit_exceeded", retryAfter: 1)
    }
    defer { used.withLock { $0 -= bytes } }
    return try await body()
  }
}
