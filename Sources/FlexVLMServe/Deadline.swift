internal import Synchronization

/// Runs `body`, and cancels it after so many seconds.
///
/// - Throws: ``APIError`` where it was cancelled for that; what `body` throws.
package func within<Value: Sendable>(
  _ seconds: Int, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      return nil
    }
    defer { group.cancelAll() }
    guard let value = try await group.next()! else {
      throw APIError(503, "The request took longer than \(seconds) s.", code: "timeout")
    }
    return value
  }
}

/// Something that happens once.
final class Flag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .acquiring) }

  func set() { flag.store(true, ordering: .releasing) }
}
