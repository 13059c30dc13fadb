// Policies that choose whole cells by something other than a threshold.

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

/// The draws of random cells: any place and layer can be drawn again without those before it.
struct RandomCells {
  let seed: UInt64
  let probability: Double

  /// - Parameters:
  ///   - position: of the token in the prompt and answer.
  ///   - grid: cells along a side.
  func callAsFunction(grid: Int, position: Int, layer: Int) -> CellMask {
    var generator = SplitMix64(seed: seed ^ UInt64(position) << 32 ^ UInt64(layer) << 20)
    return CellMask(grid: grid, probability: probability, from: &generator)
  }
}
