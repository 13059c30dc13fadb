/// Values by key, as many of those used last as their summed size allows; each is made once, however
/// many ask for it at the same time.
package actor SizedCache<Value: Sendable> {
  private struct Entry {
    let task: Task<Value, any Error>
    let size: Int
    var lastUse: Int
  }

  /// What the cache holds, and how often a value was there already or had to be made.
  package struct State: Equatable, Sendable {
    package var count = 0
    package var size = 0
    package var hits = 0
    package var misses = 0
  }

  private let capacity: Int
  private var entries: [String: Entry] = [:]
  private var clock = 0
  package private(set) var state = State()

  /// - Parameter capacity: bytes that the values may take together. The newest one is kept whatever
  ///   its size.
  package init(capacity: Int) { self.capacity = capacity }

  /// - Parameters:
  ///   - size: bytes that the value takes at most.
  ///   - make: makes the value; runs for the first who asks, and again for the next after a failure.
  package func value(
    for key: String, size: Int, make: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    clock += 1
    if let entry = entries[key] {
      state.hits += 1
      entries[key]?.lastUse = clock
      return try await entry.task.value
    }
    state.misses += 1
    // Not a child: the one who asked first may go away while others wait.
    let task = Task { try await make() }
    entries[key] = Entry(task: task, size: size, lastUse: clock)
    state.count += 1
    state.size += size
    dropOldest(but: key)
    do {
      return try await task.value
    } catch {
      if entries[key]?.task == task { remove(key) }
      throw error
    }
  }

  private func dropOldest(but newest: String) {
    while state.size > capacity,
      let oldest = entries.filter({ $0.key != newest })
        .min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      remove(oldest.key)
    }
  }

  private func remove(_ key: String) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    state.count -= 1
    state.size -= entry.size
  }
}
