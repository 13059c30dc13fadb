/// Picks the image cells that a layer's attention points at (FlexAttention, section 3.2;
/// Algorithm 6).
///
///   last row's attention, summed over heads [n * n] -> margins off -> min-max -> above threshold
///   -> max-pooled to cells [9, 9]
struct CellSelector: Sendable {
  /// Low-resolution patches along a side.
  let lowGrid: Int
  /// Cells along a side.
  let cellGrid: Int
  /// Of 255.
  var threshold: Int
  /// Rows at the top and bottom (of a wide image) or columns at the sides (of a tall one) that show
  /// nothing but the padding to a square (Algorithm 6.2).
  let margin: Int
  private let isWide: Bool

  init(lowGrid: Int, cellGrid: Int, threshold: Int, imageWidth: Int, imageHeight: Int) {
    self.lowGrid = lowGrid
    self.cellGrid = cellGrid
    self.threshold = threshold
    let difference = abs(imageWidth - imageHeight) / 2
    margin = Int(Double(difference) / Double(max(imageWidth, imageHeight)) * Double(lowGrid))
    isWide = imageWidth > imageHeight
  }

  /// The attention min-max scaled without the margins; all NaN where it is flat (Algorithm, trap 10).
  ///
  /// - Parameter attention: [lowGrid * lowGrid], not negative.
  func map(_ attention: [Float]) -> [Float] {
    precondition(attention.count == lowGrid * lowGrid)
    let inner = attention.enumerated().map { isMargin($0) ? 0 : $1 }
    let (low, high) = inner.reduce((Float.infinity, -Float.infinity)) {
      (min($0.0, $1), max($0.1, $1))
    }
    return inner.map { ($0 - low) / (high - low) }
  }

  /// The cells with a patch above the threshold; none of a flat map.
  func cells(_ map: [Float]) -> CellMask {
    var cells = CellMask(grid: cellGrid)
    for row in 0..<cellGrid {
      for column in 0..<cellGrid {
        let above = bin(row).contains { y in
          bin(column).contains { x in map[y * lowGrid + x] * 255 > Float(threshold) }
        }
        if above { cells.select(row: row, column: column) }
      }
    }
    return cells
  }

  /// The patches that a cell pools along a side; neighbours overlap where the grids do not divide.
  func bin(_ cell: Int) -> Range<Int> {
    cell * lowGrid / cellGrid..<((cell + 1) * lowGrid + cellGrid - 1) / cellGrid
  }

  private func isMargin(_ patch: Int) -> Bool {
    let line = isWide ? patch / lowGrid : patch % lowGrid
    return line < margin || line >= lowGrid - margin
  }
}
