extension Workspace {
  /// Runs `body` once for each task, on up to ``threads`` threads; tasks are handed out in order.
  ///
  /// - Parameters:
  ///   - work: multiply-adds of all tasks; too few of them run on this thread alone.
  ///   - body: receives the task and the number of the worker that runs it, below ``threads``.
  func parallel(
    tasks: Int, ifWorth work: Int = .max, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void
  ) {
    concurrently(tasks: tasks, threads: work < Workspace.parallelThreshold ? 1 : threads, body)
  }

  /// Work in multiply-adds below which handing it to other threads costs more than it saves.
  static var parallelThreshold: Int { 1 << 20 }
}
