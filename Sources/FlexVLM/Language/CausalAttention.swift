extension Workspace {
  /// Queries that are multiplied together.
  static var queryBlock: Int { 64 }

  /// Plain causal attention of new positions to all before them and themselves.
  ///
  /// Queries go in blocks, so that a block's scores stay in the cache and keys behind the
  /// block are never touched.
  ///
  /// - Parameters:
  ///   - queries: [n, heads * head width], the positions from `start` on, rotated.
  ///   - keys, values: [at least start + n, key-value heads * head width], keys rotated.
  ///   - output: [n, heads * head width]
  func causalAttention(
    _ queries: Matrix, keys: Matrix, values: Matrix, at start: Int, headCount: Int,
    into output: Matrix
  ) {
    let width = queries.columns / headCount
    let sharing = headCount / (keys.columns / width)
    let height = Self.queryBlock
    let blocks = (queries.rows + height - 1) / height
    let longest = start + queries.rows
    let scratch = matrix(.scores, rows: threads * height, columns: longest)
    let scale = 1 / Float(width).squareRoot()
    for block in 0..<blocks {
      let rows = block * height..<min((block + 1) * height, queries.rows)
      multiplyAdds += 2 * queries.columns * rows.count * (start + rows.upperBound)
    }
    parallel(tasks: headCount * blocks) { task, worker in
      let head = task % headCount
      let first = task / headCount * height
      let rows = first..<min(first + height, queries.rows)
      let seen = start + rows.upperBound
      let own = head * width..<(head + 1) * width
      let shared = head / sharing * width..<(head / sharing + 1) * width
      let scores = scratch.rows(worker * height..<worker * height + rows.count)
        .columns(0..<seen)
      BLAS.multiply(
        queries.rows(rows).columns(own), transposed: keys.rows(0..<seen).columns(shared),
        scale: scale, into: scores)
      for row in 0..<rows.count {
        scores.softmax(row: row, count: start + rows.lowerBound + row + 1)
      }
      BLAS.multiply(
        scores, values.rows(0..<seen).columns(shared), into: output.rows(rows).columns(own))
    }
  }
}
