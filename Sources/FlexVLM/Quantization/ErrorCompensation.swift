extension Workspace {
  /// A weight packed column by column, each column's rounding error made up for by the columns behind
  /// it (GPTQ: Frantar et al., arXiv 2210.17323).
  ///
  /// - Parameters:
  ///   - products: [inputs, inputs], the upper triangle of X^T X for inputs X that the weight met.
  ///   - type: one with a `compensate` kernel.
  /// - Returns: the packed rows; nil where the inputs were all zero or numbers are not finite.
  func compensated(
    _ weight: WeightMatrix, products: Matrix, as type: TensorType
  ) -> [UInt8]? {
    guard let kernel = unsafe type.compensate else { return nil }
    let columns = weight.columns
    let upper = Matrix(rows: columns, columns: columns)
    upper.copy(from: products)
    let mean = (0..<columns).reduce(0) { $0 + upper[$1, $1] } / Float(columns)
    guard mean > 0, mean.isFinite else { return nil }
    // A hundredth of the mean keeps inputs that hardly occur from being trusted with errors.
    for index in 0..<columns { upper[index, index] = upper[index, index] / mean + 0.01 }
    for row in 0..<columns where row + 1 < columns {
      upper.rows(row..<row + 1).columns(row + 1..<columns).scale(by: 1 / mean)
    }
    guard BLAS.factorInverse(upper) else { return nil }

    let values = weight.gathered(rows: 0..<weight.rows)
    let size = type.byteCount(elements: columns)
    let chunk = 256
    let errors = Matrix(rows: weight.rows, columns: chunk)
    return unsafe [UInt8](unsafeUninitializedCapacity: weight.rows * size) { buffer, count in
      nonisolated(unsafe) let bytes = buffer.baseAddress!
      for start in Swift.stride(from: 0, to: columns, by: chunk) {
        let end = min(start + chunk, columns)
        parallel(tasks: weight.rows) { row, _ in
          unsafe kernel(
            values.pointer(row: row) + start, end - start, upper.pointer(row: start) + start,
            upper.stride, errors.pointer(row: row),
            bytes + row * size + type.byteCount(elements: start))
        }
        if end < columns {
          BLAS.multiply(
            errors.columns(0..<end - start), upper.rows(start..<end).columns(end..<columns),
            scale: -1, beta: 1, into: values.columns(end..<columns))
        }
      }
      count = weight.rows * size
    }
  }
}
