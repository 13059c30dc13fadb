internal import CKernels

/// Rows of numbers as integers of 8 or 15 bits with a scale for each 32, in a workspace's memory.
///
/// Quantised weights are integers too: few rows are memory-bound only if the arithmetic is on integers,
/// and many rows are faster so.
@safe struct RowCodes: @unchecked Sendable {
  private let memory: Matrix
  private let columns: Int

  /// - Parameters:
  ///   - x: [rows, columns], columns a multiple of 32.
  init(_ x: Matrix, _ workspace: Workspace) {
    memory = workspace.matrix(.codes, rows: x.rows, columns: Self.floats(columns: x.columns))
    columns = x.columns
    let codes = self
    workspace.eachRow(x) { row in unsafe fx_encode(x.pointer(row: row), codes.columns, codes[row]) }
  }

  /// Bytes from one row to the next.
  var stride: Int { memory.stride * MemoryLayout<Float>.stride }

  /// Memory of a row: bytes of high and low codes, then scales and sums; whole cache lines.
  static func floats(columns: Int) -> Int { (columns / 2 + columns / 16 + 15) / 16 * 16 }

  @unsafe subscript(row: Int) -> fx_codes {
    let start = unsafe memory.pointer(row: row)
    let high = unsafe UnsafeMutableRawPointer(start).assumingMemoryBound(to: Int8.self)
    return unsafe fx_codes(
      high: high, low: high + columns, scales: start + columns / 2,
      sums: start + columns / 2 + columns / 32)
  }
}
