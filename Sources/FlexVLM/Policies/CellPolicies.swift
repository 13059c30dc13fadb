// Policies that choose whole cells.

/// FlexAttention's own: cells with a patch above a threshold.
struct ThresholdCells: TokenPolicy {
  let selector: CellSelector
  let layout: CellLayout

  func tokens(after step: SelectionStep) -> TokenSelection {
    TokenSelection(rows: layout.runs(selector.cells(step.map)))
  }
}

/// As many cells at every step.
struct BestCells: TokenPolicy {
  let selector: CellSelector
  let layout: CellLayout
  let count: Int

  func tokens(after step: SelectionStep) -> TokenSelection {
    TokenSelection(
      rows: layout.runs(
        CellMask(grid: layout.cellGrid, best: count, of: selector.pooled(step.map))))
  }
}

extension CellMask {
  /// The `count` cells with the highest scores, the first in row-major order among equals.
  ///
  /// - Parameter scores: [grid * grid]; of a flat map, which is NaN, nothing is chosen.
  init(grid: Int, best count: Int, of scores: [Float]) {
    precondition(scores.count == grid * grid)
    let isFlat = scores.contains(where: \.isNaN)
    self.init(grid: grid, cells: isFlat ? [] : scores.descendingIndices.prefix(count))
  }

  /// The `count` cells nearest to the centre, the first in row-major order among equals.
  init(grid: Int, central count: Int) {
    let scores = (0..<grid * grid).map { cell in
      let (y, x) = (2 * (cell / grid) - grid + 1, 2 * (cell % grid) - grid + 1)
      return -Float(y * y + x * x)
    }
    self.init(grid: grid, best: count, of: scores)
  }

  /// Each cell with the given probability.
  init(grid: Int, probability: Double, from generator: inout SplitMix64) {
    self.init(
      grid: grid, cells: (0..<grid * grid).filter { _ in generator.unit() < Float(probability) })
  }
}

extension CellSelector {
  /// Of each cell, the highest value of a map in it: what the threshold is compared with.
  func pooled(_ map: [Float]) -> [Float] {
    (0..<cellGrid * cellGrid).map { cell in
      bin(cell / cellGrid).flatMap { y in
        bin(cell % cellGrid).map { x in map[y * lowGrid + x] }
      }.max() ?? .nan
    }
  }
}

/// Random cells: any place and layer can be drawn again without those before it.
struct RandomCells: TokenPolicy {
  /// Cells along a side in the published code.
  static let publishedGrid = 8

  let seed: UInt64
  let probability: Double
  /// Cells along a side.
  let grid: Int
  let layout: CellLayout

  func tokens(after step: SelectionStep) -> TokenSelection {
    TokenSelection(rows: layout.runs(cells(position: step.position, layer: step.layer)))
  }

  /// - Parameter position: of the token in the prompt and answer.
  func cells(position: Int, layer: Int) -> CellMask {
    var generator = SplitMix64(seed: seed ^ UInt64(position) << 32 ^ UInt64(layer) << 20)
    return CellMask(grid: grid, probability: probability, from: &generator)
  }
}
