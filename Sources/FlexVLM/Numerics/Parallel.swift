internal import Dispatch
internal import Synchronization

extension Workspace {
  /// Runs `body` once for each task, on up to `threads` threads; tasks are handed out in order.
  ///
  /// - Parameters:
  ///   - work: multiply-adds of all tasks; too few of them run on this thread alone.
  ///   - body: receives the task and the number of the worker (below `threads`) that runs it, for
  ///     scratch memory of its own.
  func parallel(
    tasks: Int, ifWorth work: Int = .max, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void
  ) {
    let workers = work < Workspace.parallelThreshold ? 1 : min(threads, tasks)
    if workers <= 1 {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if task >= tasks { return }
        body(task, worker)
      }
    }
  }

  /// Work in multiply-adds below which handing it to other threads costs more than it saves.
  static var parallelThreshold: Int { 1 << 20 }
}
