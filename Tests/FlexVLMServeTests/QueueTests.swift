import Testing

@testable import FlexVLMServe

/// What bounds the work: places, memory, time.
@Suite struct QueueTests {
  /// Lets others run until a condition holds, a second at most.
  private static func wait(_ condition: @Sendable () async -> Bool) async {
    for _ in 0..<1000 where await !condition() { try? await Task.sleep(for: .milliseconds(1)) }
    #expect(await condition())
  }

  @Test("So many run, so many wait in order, and one more is told to come again")
  func order() async throws {
    let queue = WorkQueue(workers: 1, capacity: 3)
    let (gate, open) = AsyncStream<Void>.makeStream()
    let done = Log<Int>()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await queue.run { for await _ in gate { break } } }
      for index in 0..<3 {
        await Self.wait { await queue.counts == (1, index) }
        group.addTask { try await queue.run { await done.append(index) } }
      }
      await Self.wait { await queue.counts == (1, 3) }
      let error = await #expect(throws: APIError.self) { try await queue.run {} }
      #expect(error?.status == 429 && error?.retryAfter != nil)
      open.yield()
      try await group.waitForAll()
    }
    #expect(await done.values == [0, 1, 2])
    #expect(await queue.counts == (0, 0))
  }

  @Test("Of those who wait, the first whose image is not in use has its turn")
  func images() async throws {
    let queue = WorkQueue(workers: 2, capacity: 8)
    let (gate, open) = AsyncStream<Void>.makeStream()
    let done = Log<String>()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await queue.run(using: "a") { for await _ in gate { break } } }
      await Self.wait { await queue.counts == (1, 0) }
      group.addTask { try await queue.run(using: "a") { await done.append("a") } }
      await Self.wait { await queue.counts == (1, 1) }
      // The second worker is free for another image, and for a request without one.
      try await queue.run(using: "b") { await done.append("b") }
      try await queue.run { await done.append("none") }
      #expect(await queue.counts == (1, 1))
      open.yield()
      try await group.waitForAll()
    }
    #expect(await done.values == ["b", "none", "a"])
    #expect(await queue.counts == (0, 0))
  }

  @Test("One that goes away while it waits gives up its place, one that fails too")
  func leaving() async throws {
    let queue = WorkQueue(workers: 1, capacity: 1)
    let (gate, open) = AsyncStream<Void>.makeStream()
    let running = Task { try await queue.run { for await _ in gate { break } } }
    await Self.wait { await queue.counts == (1, 0) }
    let waiting = Task { try await queue.run {} }
    await Self.wait { await queue.counts == (1, 1) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(await queue.counts == (1, 0))
    open.yield()
    try await running.value
    await #expect(throws: APIError.self) { try await queue.run { throw APIError(400, "m") } }
    #expect(await queue.counts == (0, 0))
  }

  @Test("A hundred tasks, half of them cancelled, leave no place taken")
  func storm() async {
    let queue = WorkQueue(workers: 2, capacity: 100)
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<100 {
        group.addTask {
          let task = Task { try await queue.run { try await Task.sleep(for: .microseconds(100)) } }
          if index.isMultiple(of: 2) { task.cancel() }
          _ = await task.result
        }
      }
    }
    #expect(await queue.counts == (0, 0))
  }

  @Test("Memory is set aside, and given back whatever happens")
  func memory() async throws {
    let budget = MemoryBudget(limit: 10)
    try await budget.reserving(6) {
      let error = await #expect(throws: APIError.self) { try await budget.reserving(5) {} }
      #expect(error?.status == 429)
      try await budget.reserving(4) {}
    }
    await #expect(throws: CancellationError.self) {
      try await budget.reserving(10) { throw CancellationError() }
    }
    try await budget.reserving(10) {}
  }

  @Test("What takes too long is cancelled and told so")
  func deadline() async throws {
    #expect(try await within(60) { 1 } == 1)
    let error = await #expect(throws: APIError.self) {
      try await within(0) { try await Task.sleep(for: .seconds(60)) }
    }
    #expect(error?.status == 503)
  }

  @Test("Images are made once for all who ask, and the one used longest ago goes first")
  func cache() async throws {
    let cache = SizedCache<Int>(capacity: 20)
    let made = Log<String>()
    @Sendable func ask(_ key: String) async throws -> Int {
      try await cache.value(for: key, size: 10) {
        await made.append(key)
        try await Task.sleep(for: .milliseconds(1))
        return key.count
      }
    }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<10 { group.addTask { try await ask("a") } }
      try await group.waitForAll()
    }
    for key in ["b", "a", "c", "a", "b"] { #expect(try await ask(key) == 1) }
    #expect(await made.values == ["a", "b", "c", "b"])
    #expect(await cache.state == .init(count: 2, size: 20, hits: 11, misses: 4))
  }

  @Test("A failure is not kept, and what is larger than all memory is kept alone")
  func cacheLimits() async throws {
    let cache = SizedCache<Int>(capacity: 5)
    await #expect(throws: APIError.self) {
      try await cache.value(for: "a", size: 1) { throw APIError(400, "m") }
    }
    #expect(await cache.state == .init(misses: 1))
    _ = try await cache.value(for: "b", size: 1) { 1 }
    _ = try await cache.value(for: "c", size: 9) { 2 }
    #expect(await cache.state == .init(count: 1, size: 9, misses: 3))
  }
}

private actor Log<Value: Sendable> {
  private(set) var values: [Value] = []

  func append(_ value: Value) { values.append(value) }
}
