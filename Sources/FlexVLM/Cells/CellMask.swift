/// Which cells of the image are selected: a square grid in row-major order.
public struct CellMask: Sendable, Equatable, CustomStringConvertible {
  public let grid: Int
  public private(set) var isSelected: [Bool]

  public init(grid: Int, all: Bool = false) {
    self.grid = grid
    isSelected = Array(repeating: all, count: grid * grid)
  }

  /// - Parameters:
  ///   - grid: cells along a side.
  ///   - cells: row * grid + column of each.
  public init(grid: Int, cells: some Sequence<Int>) {
    self.init(grid: grid)
    for cell in cells { isSelected[cell] = true }
  }

  public var count: Int { isSelected.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// The selected cells, row * grid + column.
  public var cells: [Int] { isSelected.indices.filter { isSelected[$0] } }

  public mutating func select(row: Int, column: Int) { isSelected[row * grid + column] = true }

  /// One "0" or "1" a cell.
  public var description: String { String(isSelected.map { $0 ? "1" : "0" }) }
}
