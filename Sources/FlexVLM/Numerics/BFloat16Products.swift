internal import CKernels

extension Workspace {
  /// y = x W^T (+ bias) (+ y) with operands in bfloat16 and sums in float32.
  ///
  ///   x [rows, inputs] -> bfloat16 rows
  ///   64 rows of W, as stored -> packed bfloat16 in the worker's cache -> times all rows of x
  ///
  /// Packing takes as long as multiplying twenty rows or so, and the packed form is not kept: it
  /// would double the memory of a quantised model.
  func multiply(
    _ x: Matrix, _ weight: WeightMatrix, bias: Matrix?, adding: Bool, _ product: BFloat16Product,
    into y: Matrix
  ) {
    let group = Int(FX_GROUP)
    let depth = (weight.columns + 31) / 32 * 32
    // Rows a cache line out of step: at powers of two they would fall on each other in the cache.
    let stride = depth + 32
    let narrow = matrix(.narrow, rows: x.rows + 31, columns: stride / 2)
    let packed = matrix(.packed, rows: threads, columns: group * depth / 2)
    eachRow(x) { row in
      let target = unsafe narrow.bfloats(row: row)
      unsafe fx_narrow_bf16(x.pointer(row: row), x.columns, target)
      unsafe (target + x.columns).update(repeating: 0, count: depth - x.columns)
    }

    let groups = (weight.rows + group - 1) / group
    // Few groups divide badly among threads; packing twice is then the smaller loss.
    let parts = max(1, min((3 * threads + groups - 1) / groups, x.rows / 256))
    let height = (x.rows + parts - 1) / parts
    let kernel = unsafe fx_product_kernel(Int32(product.rawValue))!
    let work = x.rows * x.columns * weight.rows
    parallel(tasks: groups * parts, ifWorth: work) { task, worker in
      let outputs = task / parts * group..<min((task / parts + 1) * group, weight.rows)
      let rows = min(task % parts * height, x.rows)..<min((task % parts + 1) * height, x.rows)
      if rows.isEmpty { return }
      let panels = unsafe packed.bfloats(row: worker)
      unsafe weight.pack(outputs: outputs, into: panels)
      unsafe kernel(
        narrow.bfloats(row: rows.lowerBound), stride, rows.count, panels, depth, outputs.count,
        bias.map { unsafe UnsafePointer($0.base) + outputs.lowerBound }, adding ? 1 : 0,
        y.pointer(row: rows.lowerBound) + outputs.lowerBound, y.stride)
    }
  }
}

extension Workspace {
  /// Floats of the slots that linear layers use.
  ///
  /// - Parameters:
  ///   - rows: the most that one has.
  ///   - largest: inputs of the one with most.
  func productScratch(rows: Int, largest: Int) -> [Slot: Int] {
    if product == nil { return [.panel: max(Self.panelSize, largest)] }
    let depth = (largest + 31) / 32 * 32
    return [
      .narrow: (rows + 31) * (depth + 32) / 2, .packed: threads * Int(FX_GROUP) * depth / 2,
      .codes: Self.fewRows * RowCodes.floats(columns: depth),
    ]
  }
}

extension Matrix {
  /// A row's memory as twice as many bfloat16 numbers.
  fileprivate func bfloats(row: Int) -> UnsafeMutablePointer<UInt16> {
    unsafe UnsafeMutableRawPointer(pointer(row: row)).assumingMemoryBound(to: UInt16.self)
  }
}
