/// Lets a number of requests run at a time and a bounded number wait, in the order in which they came,
/// but for those whose image is in use: it would keep a worker waiting that others could have.
package actor WorkQueue {
  private struct Waiting {
    let id: Int
    let image: String?
    let turn: CheckedContinuation<Bool, Never>
  }

  private let workers: Int
  private let capacity: Int
  private var running = 0
  private var images: Set<String> = []
  private var waiting: [Waiting] = []
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
  /// - Parameter image: a name of what only one request uses at a time; nil for none.
  /// - Throws: ``APIError`` 429 where too many wait already; `CancellationError`; what `body` throws.
  package nonisolated func run<Value: Sendable>(
    using image: String? = nil, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await enter(image)
    do {
      try Task.checkCancellation()
      let value = try await body()
      await leave(image)
      return value
    } catch {
      await leave(image)
      throw error
    }
  }

  private func enter(_ image: String?) async throws {
    if canStart(image) { return start(image) }
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
          waiting.append(Waiting(id: id, image: image, turn: turn))
        }
      }
    } onCancel: {
      Task { await giveUp(id) }
    }
    if !hasTurn { throw CancellationError() }
  }

  private func canStart(_ image: String?) -> Bool {
    running < workers && !(image.map(images.contains) ?? false)
  }

  private func start(_ image: String?) {
    running += 1
    if let image { images.insert(image) }
  }

  private func giveUp(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).turn.resume(returning: false)
  }

  private func leave(_ image: String?) {
    running -= 1
    if let image { images.remove(image) }
    while let index = waiting.firstIndex(where: { canStart($0.image) }) {
      let next = waiting.remove(at: index)
      start(next.image)
      next.turn.resume(returning: true)
    }
  }
}
