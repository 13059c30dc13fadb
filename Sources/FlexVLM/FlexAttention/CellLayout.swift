/// Where each cell's high-resolution tokens lie.
///
/// High-resolution features, keys and values are stored cell by cell, so that a cell is one run of
/// rows and several neighbours are one longer run.
struct CellLayout: Sendable {
  /// Cells along a side.
  let cellGrid: Int
  /// High-resolution tokens along a side.
  let highGrid: Int
  /// Of each cell, the rows that hold its tokens.
  let rows: [Range<Int>]
  /// Of each token in row-major order, the row that holds it.
  let rowOfToken: [Int]

  init(cellGrid: Int, highGrid: Int) {
    self.cellGrid = cellGrid
    self.highGrid = highGrid
    // Nearest-neighbour enlargement of the cells, in float32 as torch computes it.
    let scale = Float(cellGrid) / Float(highGrid)
    let cellOfLine = (0..<highGrid).map { min(Int(Float($0) * scale), cellGrid - 1) }
    var members = Array(repeating: [Int](), count: cellGrid * cellGrid)
    for token in 0..<highGrid * highGrid {
      let (y, x) = token.quotientAndRemainder(dividingBy: highGrid)
      members[cellOfLine[y] * cellGrid + cellOfLine[x]].append(token)
    }
    var rows: [Range<Int>] = []
    var rowOfToken = Array(repeating: 0, count: highGrid * highGrid)
    for tokens in members {
      let start = rows.last?.upperBound ?? 0
      for (index, token) in tokens.enumerated() { rowOfToken[token] = start + index }
      rows.append(start..<start + tokens.count)
    }
    self.rows = rows
    self.rowOfToken = rowOfToken
  }

  /// Rows of the given cells (in ascending order), neighbouring runs joined.
  func runs(_ cells: [Int]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for cell in cells where !rows[cell].isEmpty {
      if let last = runs.last, last.upperBound == rows[cell].lowerBound {
        runs[runs.count - 1] = last.lowerBound..<rows[cell].upperBound
      } else {
        runs.append(rows[cell])
      }
    }
    return runs
  }

  /// Number of high-resolution tokens in the selected cells.
  func tokenCount(_ mask: CellMask) -> Int { mask.cells.reduce(0) { $0 + rows[$1].count } }
}
