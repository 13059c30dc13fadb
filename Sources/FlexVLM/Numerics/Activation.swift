internal import CKernels

extension Workspace {
  /// In place: x * sigmoid(1.702 x), as CLIP was trained.
  func quickGELU(_ x: Matrix) {
    eachRow(x) { row in unsafe fx_quick_gelu(x.pointer(row: row), x.columns) }
  }

  /// In place: GELU through erf, as LLaVA's projector was trained.
  func gelu(_ x: Matrix) {
    eachRow(x) { row in unsafe fx_gelu(x.pointer(row: row), x.columns) }
  }

  /// In place: gate = silu(gate) * up.
  func siluProduct(_ gate: Matrix, _ up: Matrix) {
    precondition(gate.rows == up.rows && gate.columns == up.columns)
    eachRow(gate) { row in
      unsafe fx_silu_product(gate.pointer(row: row), up.pointer(row: row), gate.columns)
    }
  }

  /// Runs `body` on each row, in blocks of rows on all threads where there is enough to do.
  func eachRow(_ x: Matrix, _ body: @Sendable (Int) -> Void) {
    let blocks = x.rows * x.columns < Workspace.parallelThreshold / 8 ? 1 : threads
    let block = (x.rows + blocks - 1) / blocks
    parallel(tasks: blocks) { task, _ in
      for row in min(task * block, x.rows)..<min((task + 1) * block, x.rows) { body(row) }
    }
  }
}
