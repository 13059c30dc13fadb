/// The scratch memory of one worker and the number of threads it may use.
///
/// Every intermediate result has a slot here; a slot keeps its memory from layer to layer and from
/// token to token and only grows. A worker runs one computation at a time.
final class Workspace {
  enum Slot: Int, CaseIterable {
    case patches, hidden, normalized, query, key, value, attended, gate, up, scores, panel
    case highKey, highValue
  }

  let threads: Int
  /// Multiply-adds of the matrix products run so far.
  var multiplyAdds = 0
  /// Sees the input, [tokens, inputs], and the weight of every linear layer before it runs.
  var observer: ((Matrix, WeightMatrix) -> Void)?
  private var slots: [Matrix?]

  init(threads: Int) {
    precondition(threads > 0)
    self.threads = threads
    slots = Array(repeating: nil, count: Slot.allCases.count)
  }

  /// A matrix of the given shape in the slot's memory; its contents are whatever was left there.
  func matrix(_ slot: Slot, rows: Int, columns: Int) -> Matrix {
    if let kept = slots[slot.rawValue], kept.columns >= rows * columns {
      return kept.reshaped(rows: rows, columns: columns)
    }
    let fresh = Matrix(rows: 1, columns: rows * columns)
    slots[slot.rawValue] = fresh
    return fresh.reshaped(rows: rows, columns: columns)
  }
}
