/// Lets a number of requests run at a time and a bounded number wait, in the order in which they came.
package actor WorkQueue {
  private let workers: Int
  private let capacity: Int
  private var running = 0
  private var waiting: [(id: Int, turn: CheckedContinuation<Bool, Never>)] = []
  private var lastID = 0

  /// - Parameters:
  ///   - workers: requests that run at the same time.
  ///   - capacity: requests that may wait besides.
  package init(workers: Int, capacity: Int) {
    precondition(workers > 0 && capacity >= 0)
    self.workers = workers
    self.capacity = capacity
  }

  package var counts: (running: Int, waiting: Int) { (running, waiting.count) }

  /// Runs `body` when it is its turn. A task that is cancelled while it waits gives up its place.
  ///
  /// - Throws: ``APIError`` 429 where too many wait already; `CancellationError`; what `body` throws.
  package nonisolated func run<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await enter()
    do {
      try Task.checkCancellation()
      let value = try await body()
      await leave()
      return value
    } catch {
      await leave()
      throw error
    }
  }

  private func enter() async throws {
    if running < workers {
      running += 1
      return
    }
    guard waiting.count < capacity else {
      throw APIError(
        429, "\(capacity) requests wait already; try again later.", code: "rate_limit_exceeded",
        retryAfter: 1)
    }
    lastID += 1
    let id = lastID
    let hasTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { turn in
        if Task.isCancelled {
          turn.resume(returning: false)
        } else {
          waiting.append((id, turn))
        }
      }
    } onCancel: {
      Task { await giveUp(id) }
    }
    if !hasTurn { throw CancellationError() }
  }

  private func giveUp(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).turn.resume(returning: false)
  }

  /// Hands the place to the one that waits longest.
  private func leave() {
    if waiting.isEmpty {
      running -= 1
    } else {
      waiting.removeFirst().turn.resume(returning: true)
    }
  }
}
