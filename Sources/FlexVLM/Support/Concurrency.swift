internal import Dispatch
internal import Synchronization

/// Runs `body` once for each task, on up to `threads` threads; tasks are handed out in order.
///
/// - Parameter body: receives the task and the number of the worker (below `threads`) that runs it,
///   for scratch memory of its own.
func concurrently(
  tasks: Int, threads: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void
) {
  let workers = min(threads, tasks)
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
