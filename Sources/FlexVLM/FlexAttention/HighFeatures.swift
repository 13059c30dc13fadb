/// The high-resolution features of one image, encoded crop by crop as cells in them are selected.
///
///   view [3, 1008, 1008] -> crop (row, column) [3, 336, 336] -> [576, vision width]
///   -> projector [576, language width] -> the rows of its tokens
///
/// Leaving out crops that nobody selects is exact: a crop's features depend on no other crop.
final class HighFeatures {
  let configuration: HighResolutionConfiguration
  let layout: CellLayout
  /// Projected features, cell by cell, [grid * grid, language width]; rows of crops not yet encoded
  /// are undefined.
  let features: Matrix
  private let pixels: PixelPlanes
  private let tower: VisionTower
  private var isEncoded: [Bool]
  /// Crops that hold at least one token of each cell.
  private let cropsOfCell: [Set<Int>]

  init(_ pixels: PixelPlanes, _ configuration: HighResolutionConfiguration, tower: VisionTower) {
    self.configuration = configuration
    self.pixels = pixels
    self.tower = tower
    layout = CellLayout(cellGrid: configuration.selectionGrid, highGrid: configuration.grid)
    features = Matrix(rows: configuration.grid * configuration.grid, columns: tower.outputWidth)
    let crops = configuration.cropsPerSide
    isEncoded = Array(repeating: false, count: crops * crops)
    let cropGrid = configuration.grid / crops
    var tokenOfRow = layout.rowOfToken
    for (token, row) in layout.rowOfToken.enumerated() { tokenOfRow[row] = token }
    cropsOfCell = layout.rows.map { rows in
      Set(
        rows.map { row in
          let (y, x) = tokenOfRow[row].quotientAndRemainder(dividingBy: configuration.grid)
          return y / cropGrid * crops + x / cropGrid
        })
    }
  }

  var cropCount: Int { isEncoded.count }
  var encodedCropCount: Int { isEncoded.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// Encodes the crops that the cells need and that are not there yet, all in one pass.
  func require(_ cells: [Int]) {
    let needed = cells.reduce(into: Set<Int>()) { $0.formUnion(cropsOfCell[$1]) }
    let missing = needed.filter { !isEncoded[$0] }.sorted()
    if missing.isEmpty { return }
    let perSide = configuration.cropsPerSide
    let encoded = tower.encode(
      missing.map {
        pixels.crop(
          row: $0 / perSide * configuration.cropSize,
          column: $0 % perSide * configuration.cropSize, size: configuration.cropSize)
      })
    let cropGrid = configuration.grid / perSide
    for (position, crop) in missing.enumerated() {
      for token in 0..<cropGrid * cropGrid {
        let y = crop / perSide * cropGrid + token / cropGrid
        let x = crop % perSide * cropGrid + token % cropGrid
        let row = layout.rowOfToken[y * configuration.grid + x]
        let source = position * cropGrid * cropGrid + token
        features.rows(row..<row + 1).copy(from: encoded.rows(source..<source + 1))
      }
      isEncoded[crop] = true
    }
  }
}
