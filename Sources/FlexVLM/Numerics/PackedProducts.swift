internal import CKernels

// Products for many rows:
//
//   x [rows, inputs] -> bfloat16 rows, or codes
//   64 rows of W, as stored -> packed alike in the worker's cache -> times all rows of x
//
// Packing takes as long as multiplying twenty rows or so, and the packed form is not kept: it would
// double the memory of a quantised model.

extension Workspace {
  /// y = x W^T (+ bias) (+ y) with operands in bfloat16 and sums in float32.
  func multiply(
    _ x: Matrix, _ weight: WeightMatrix, bias: Matrix?, adding: Bool, by product: BFloat16Product,
    into y: Matrix
  ) {
    let (depth, stride) = (Self.depth(weight.columns), Self.narrowStride(weight.columns))
    let narrow = matrix(
      .narrow, rows: 1, columns: Self.narrowFloats(rows: x.rows, depth: depth)
    ).reshaped(rows: x.rows, columns: stride / 2)
    let packed = matrix(
      .packed, rows: threads, columns: Self.packedFloats(outputs: Self.group, depth: depth))
    eachRow(x) { row in unsafe Self.narrow(x, row: row, to: narrow.bfloats(row: row)) }
    let kernel = unsafe fx_product_kernel(Int32(product.rawValue))!
    eachBlock(x.rows, weight) { worker, rows, outputs in
      let panels = unsafe packed.bfloats(row: worker)
      unsafe weight.pack(outputs: outputs, into: panels)
      unsafe kernel(
        narrow.bfloats(row: rows.lowerBound), stride, rows.count, panels, depth, outputs.count,
        bias.map { unsafe UnsafePointer($0.base) + outputs.lowerBound }, adding ? 1 : 0,
        y.pointer(row: rows.lowerBound) + outputs.lowerBound, y.stride)
    }
  }

  /// The same for weights in groups of 32 as bytes, with x in the high codes.
  func multiplyBytes(
    _ x: Matrix, _ weight: WeightMatrix, bias: Matrix?, adding: Bool, into y: Matrix
  ) {
    let codes = RowCodes(x, self)
    let groups = weight.columns / 32
    let packed = matrix(.packed, rows: threads, columns: Self.group * groups * Self.packedGroup)
    eachBlock(x.rows, weight) { worker, rows, outputs in
      let panels = unsafe UnsafeMutableRawPointer(packed.pointer(row: worker))
      unsafe weight.packBytes(outputs: outputs, into: panels)
      unsafe withUnsafePointer(to: codes[rows.lowerBound]) { first in
        unsafe fx_product_bytes(
          first, codes.stride, rows.count, panels, groups, outputs.count,
          bias.map { unsafe UnsafePointer($0.base) + outputs.lowerBound }, adding ? 1 : 0,
          y.pointer(row: rows.lowerBound) + outputs.lowerBound, y.stride)
      }
    }
  }

  private static var group: Int { Int(FX_GROUP) }

  /// Floats that a packed group of 32 bytes takes.
  private static var packedGroup: Int { Int(FX_PACKED_BYTES) / MemoryLayout<Float>.size }

  static func depth(_ columns: Int) -> Int { (columns + 31) / 32 * 32 }

  /// From one narrow row to the next: a cache line out of step, since at powers of two rows would
  /// fall on each other in the cache.
  static func narrowStride(_ columns: Int) -> Int { depth(columns) + 32 }

  /// Floats of narrow rows, with those that a kernel may read behind the last.
  static func narrowFloats(rows: Int, depth: Int) -> Int { (rows + 31) * (depth + 32) / 2 }

  /// Floats of outputs packed as bfloat16, whole groups.
  static func packedFloats(outputs: Int, depth: Int) -> Int {
    (outputs + group - 1) / group * group * depth / 2
  }

  /// Writes a row as bfloat16, filled up with zeros.
  static func narrow(_ x: Matrix, row: Int, to target: UnsafeMutablePointer<UInt16>) {
    unsafe fx_narrow_bf16(x.pointer(row: row), x.columns, target)
    unsafe (target + x.columns).update(repeating: 0, count: depth(x.columns) - x.columns)
  }

  /// Calls `body` with each group of so many outputs.
  static func eachGroup(of outputs: Int, _ body: (Range<Int>) -> Void) {
    for start in stride(from: 0, to: outputs, by: group) {
      body(start..<min(start + group, outputs))
    }
  }

  /// Runs `body` on blocks of rows and groups of outputs, on all threads where there is enough to do.
  private func eachBlock(
    _ rows: Int, _ weight: WeightMatrix,
    _ body: @Sendable (_ worker: Int, _ rows: Range<Int>, _ outputs: Range<Int>) -> Void
  ) {
    let groups = (weight.rows + Self.group - 1) / Self.group
    // Few groups divide badly among threads; packing them again for other rows is the smaller loss.
    let parts = max(1, min((3 * threads + groups - 1) / groups, rows / 256))
    let height = (rows + parts - 1) / parts
    parallel(tasks: groups * parts, ifWorth: rows * weight.columns * weight.rows) { task, worker in
      let start = task / parts * Self.group
      let part = min(task % parts * height, rows)..<min((task % parts + 1) * height, rows)
      if !part.isEmpty { body(worker, part, start..<min(start + Self.group, weight.rows)) }
    }
  }

  /// Floats of the slots that linear layers use.
  ///
  /// - Parameters:
  ///   - rows: the most that one has.
  ///   - largest: inputs of the one with most.
  func productScratch(rows: Int, largest: Int) -> [Slot: Int] {
    let depth = Self.depth(largest)
    return [
      .panel: product == nil ? max(Self.panelSize, largest) : 0,
      .narrow: product == nil ? 0 : Self.narrowFloats(rows: rows, depth: depth),
      .codes: (usesBytes ? rows : Self.fewRows) * RowCodes.floats(columns: depth),
      .packed: threads * Self.group * max(depth / 2, depth / 32 * Self.packedGroup),
    ]
  }
}

extension Matrix {
  /// A row's memory as twice as many bfloat16 numbers.
  func bfloats(row: Int) -> UnsafeMutablePointer<UInt16> {
    unsafe UnsafeMutableRawPointer(pointer(row: row)).assumingMemoryBound(to: UInt16.self)
  }
}
