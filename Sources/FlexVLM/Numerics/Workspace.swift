/// The scratch memory of one worker and the number of threads it may use.
///
/// Every intermediate result has a slot here. All slots lie in one block of memory that is reserved
/// for the largest run and committed as it is touched, so that neither a layer nor a token allocates
/// anything. A worker runs one computation at a time.
final class Workspace {
  enum Slot: Int, CaseIterable {
    case patches, hidden, normalized, query, key, value, attended, gate, up, scores, panel
    case highKey, highValue, codes, narrow, packed, logits, maps
  }

  let threads: Int
  /// Instructions for many rows; nil for float32 through BLAS.
  let product: BFloat16Product?
  /// Instructions for few rows and quantised weights; nil for float32.
  let dot: IntegerDot?
  /// Whether many rows meet quantised weights in bytes.
  let usesBytes: Bool
  /// Multiply-adds of the matrix products run so far.
  var multiplyAdds = 0
  /// Sees the input, [tokens, inputs], and the weight of every linear layer before it runs.
  var observer: ((Matrix, WeightMatrix) -> Void)?
  /// Blocks of memory taken so far: one, where it was reserved for all that came.
  private(set) var allocationCount = 0
  private var slots: [Matrix?]

  convenience init(threads: Int, precision: Precision = .float32) {
    self.init(
      threads: threads, product: precision == .float32 ? nil : BFloat16Product.best,
      dot: precision == .float32 ? nil : IntegerDot.best,
      usesBytes: precision == .auto && IntegerDot.multipliesMany)
  }

  init(
    threads: Int, product: BFloat16Product?, dot: IntegerDot?, usesBytes: Bool = false
  ) {
    precondition(threads > 0)
    self.threads = threads
    self.product = product
    self.dot = dot
    self.usesBytes = usesBytes
    slots = Array(repeating: nil, count: Slot.allCases.count)
  }

  /// Takes one block for slots of so many floats each.
  func reserve(_ sizes: [Slot: Int]) {
    // Whole cache lines.
    let counts = sizes.mapValues { ($0 + 15) / 16 * 16 }
    let block = Matrix(rows: 1, columns: counts.values.reduce(0, +))
    allocationCount += 1
    var start = 0
    for (slot, count) in counts {
      slots[slot.rawValue] = block.columns(start..<start + count)
      start += count
    }
  }

  /// A matrix of the given shape in the slot's memory; its contents are whatever was left there.
  /// A slot that is too small for it gets memory of its own.
  func matrix(_ slot: Slot, rows: Int, columns: Int) -> Matrix {
    if let kept = slots[slot.rawValue], kept.columns >= rows * columns {
      return kept.reshaped(rows: rows, columns: columns)
    }
    let fresh = Matrix(rows: 1, columns: rows * columns)
    allocationCount += 1
    slots[slot.rawValue] = fresh
    return fresh.reshaped(rows: rows, columns: columns)
  }
}
