internal import CKernels

extension Workspace {
  /// y = x W^T (+ bias), or y += x W^T (+ bias): a linear layer on every row of x.
  ///
  /// Few rows run as dot products straight from the stored weights, whose speed is that of memory;
  /// many run in bfloat16 or bytes, or as BLAS products on panels of weights widened to float32.
  ///
  /// - Parameters:
  ///   - x: [tokens, inputs]
  ///   - weight: [outputs, inputs], of any stored type
  ///   - bias: [1, outputs]
  ///   - y: [tokens, outputs]
  func linear(
    _ x: Matrix, _ weight: WeightMatrix, bias: Matrix? = nil, adding: Bool = false, into y: Matrix
  ) {
    precondition(x.columns == weight.columns && y.columns == weight.rows && x.rows == y.rows)
    multiplyAdds += x.rows * x.columns * weight.rows
    observer?(x, weight)
    if x.rows > Self.fewRows, multipliesBytes(weight) {
      return multiplyBytes(x, weight, bias: bias, adding: adding, into: y)
    }
    if x.rows > Self.fewRows, let product {
      return multiply(x, weight, bias: bias, adding: adding, by: product, into: y)
    }
    if let bias, !adding {
      for row in 0..<y.rows { y.rows(row..<row + 1).copy(from: bias) }
    } else if let bias {
      for row in 0..<y.rows { y.rows(row..<row + 1).add(bias) }
    }
    let accumulates = adding || bias != nil
    if x.rows <= Self.fewRows {
      multiplyRows(x, weight, adding: accumulates, into: y)
    } else {
      multiplyPanels(x, weight, adding: accumulates, into: y)
    }
  }

  /// Whether many rows meet a weight in bytes.
  func multipliesBytes(_ weight: WeightMatrix) -> Bool {
    unsafe usesBytes && weight.type.kernels.unpack != nil
  }

  /// Rows up to which weights are better read once for each than unpacked.
  static var fewRows: Int { 4 }

  /// Weights that are widened at a time.
  static var panelSize: Int { 4 << 20 }

  /// Dot products of each weight row with each of the few rows of x.
  private func multiplyRows(_ x: Matrix, _ weight: WeightMatrix, adding: Bool, into y: Matrix) {
    let kernel = unsafe dot.flatMap { unsafe weight.type.kernels.dot?(Int32($0.rawValue)) }
    let codes = unsafe kernel != nil ? RowCodes(x, self) : nil
    // Blocks of 1 Mi weights: at the end no thread waits long for another one's.
    let block = max(1, (1 << 20) / weight.columns)
    let work = weight.rows * weight.columns
    parallel(tasks: (weight.rows + block - 1) / block, ifWorth: work) { task, _ in
      let end = min((task + 1) * block, weight.rows)
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { products in
        let sums = products.baseAddress!
        // All rows of x meet a few rows of the weight while those are in the cache.
        for start in Swift.stride(from: task * block, to: end, by: 64) {
          let outputs = start..<min(start + 64, end)
          for row in 0..<x.rows {
            if let codes, let kernel = unsafe kernel {
              unsafe weight.multiply(codes[row], by: kernel, outputs: outputs, into: sums)
            } else {
              unsafe weight.multiply(x.pointer(row: row), outputs: outputs, into: sums)
            }
            let target = unsafe y.pointer(row: row) + start
            if adding {
              for index in 0..<outputs.count { unsafe target[index] += sums[index] }
            } else {
              unsafe target.update(from: sums, count: outputs.count)
            }
          }
        }
      }
    }
  }

  /// BLAS products on panels of weights, each divided among the threads.
  private func multiplyPanels(_ x: Matrix, _ weight: WeightMatrix, adding: Bool, into y: Matrix) {
    let height = max(1, min(weight.rows, Self.panelSize / weight.columns))
    for start in Swift.stride(from: 0, to: weight.rows, by: height) {
      let outputs = start..<min(start + height, weight.rows)
      let panel: Matrix
      if let floats = weight.floats(outputs: outputs) {
        panel = floats
      } else {
        panel = matrix(.panel, rows: outputs.count, columns: weight.columns)
        widen(weight, outputs: outputs, into: panel)
      }
      multiply(x, transposed: panel, beta: adding ? 1 : 0, into: y.columns(outputs))
    }
  }

  private func widen(_ weight: WeightMatrix, outputs: Range<Int>, into panel: Matrix) {
    let blocks = outputs.count * weight.columns < Workspace.parallelThreshold ? 1 : threads
    let block = (outputs.count + blocks - 1) / blocks
    parallel(tasks: blocks) { task, _ in
      let first = min(task * block, outputs.count)
      let last = min(first + block, outputs.count)
      if first < last {
        unsafe weight.widen(
          outputs: outputs.lowerBound + first..<outputs.lowerBound + last,
          into: panel.pointer(row: first))
      }
    }
  }

  /// c = a b^T + beta c on all threads, cut into a grid of blocks that keeps each as square as can
  /// be: a block's operands are packed once by the thread that multiplies them.
  func multiply(_ a: Matrix, transposed b: Matrix, beta: Float = 0, into c: Matrix) {
    if a.rows * a.columns * b.rows < Workspace.parallelThreshold || threads == 1 {
      BLAS.multiply(a, transposed: b, beta: beta, into: c)
      return
    }
    var down = 1
    for divisor in 1...threads where threads % divisor == 0 {
      let packed = { (d: Int) in c.rows / d + c.columns / (self.threads / d) }
      if packed(divisor) < packed(down) { down = divisor }
    }
    let across = threads / down
    let height = (c.rows + down - 1) / down
    let width = (c.columns + across - 1) / across
    parallel(tasks: threads) { task, _ in
      let top = min(task / across * height, c.rows)
      let left = min(task % across * width, c.columns)
      let rows = top..<min(top + height, c.rows)
      let columns = left..<min(left + width, c.columns)
      BLAS.multiply(
        a.rows(rows), transposed: b.rows(columns), beta: beta,
        into: c.rows(rows).columns(columns))
    }
  }
}
