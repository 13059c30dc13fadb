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
    // Nearest-neighbour enlargement of the cells, in float32 as torch computes it (Algorithm 6.5).
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

  /// Rows of the given cells, which are in ascending order.
  func runs(_ cells: [Int]) -> RowRuns {
    var runs = RowRuns()
    for cell in cells { runs.append(rows[cell]) }
    return runs
  }

  /// Cells that hold at least one of the given rows.
  func cells(_ selected: RowRuns) -> CellMask {
    CellMask(
      grid: cellGrid,
      cells: rows.indices.filter { cell in
        selected.ranges.contains { $0.overlaps(rows[cell]) }
      })
  }

  /// Rows of the given tokens, which may be in any order.
  func runs(ofTokens tokens: some Sequence<Int>) -> RowRuns {
    RowRuns(tokens.map { rowOfToken[$0] }.sorted())
  }

  /// Rows of the tokens in the cells of another grid laid over the same view.
  func runs(_ mask: CellMask) -> RowRuns {
    mask.grid == cellGrid
      ? runs(mask.cells)
      : runs(
        ofTokens: CellLayout(cellGrid: mask.grid, highGrid: highGrid).tokens(mask))
  }

  /// Tokens, row-major, that lie in the given cells.
  private func tokens(_ mask: CellMask) -> [Int] {
    let selected = Set(mask.cells.flatMap { rows[$0] })
    return rowOfToken.indices.filter { selected.contains(rowOfToken[$0]) }
  }
}
