/// The high-resolution features of one image, encoded crop by crop as cells in them are selected.
///
///   view [3, 1008, 1008] -> crop (row, column) [3, 336, 336] -> [576, vision width]
///   -> projector [576, language width] -> the rows of its tokens
///
/// Leaving out crops that nobody selects is exact: a crop's features depend on no other crop
/// (Algorithm 9.1).
final class HighFeatures {
  let configuration: HighResolutionConfiguration
  let layout: CellLayout
  /// Projected features, cell by cell, [grid * grid, language width]; rows of crops not yet encoded
  /// are undefined.
  let features: Matrix
  private let pixels: NormalizedImage
  private let tower: VisionTower
  /// Of each crop encoded, the attention of the tower's class token in its last layer.
  private var classAttention: [[Float]?]
  /// Of each row, the crop that holds its token.
  private let cropOfRow: [Int]

  init(_ pixels: NormalizedImage, _ configuration: HighResolutionConfiguration, tower: VisionTower)
  {
    self.configuration = configuration
    self.pixels = pixels
    self.tower = tower
    layout = CellLayout(cellGrid: configuration.selectionGrid, highGrid: configuration.grid)
    features = Matrix(rows: configuration.grid * configuration.grid, columns: tower.outputWidth)
    let crops = configuration.cropsPerSide
    classAttention = Array(repeating: nil, count: crops * crops)
    let cropGrid = configuration.grid / crops
    var cropOfRow = layout.rowOfToken
    for (token, row) in layout.rowOfToken.enumerated() {
      let (y, x) = token.quotientAndRemainder(dividingBy: configuration.grid)
      cropOfRow[row] = y / cropGrid * crops + x / cropGrid
    }
    self.cropOfRow = cropOfRow
  }

  var cropCount: Int { classAttention.count }
  var encodedCropCount: Int { classAttention.count { $0 != nil } }

  /// Encodes the crops that hold the rows and that are not there yet, all in one pass.
  func require(_ rows: RowRuns) { encode(Set(rows.indices.map { cropOfRow[$0] })) }

  /// Of every crop, the attention of the tower's class token in its last layer, [crops][tokens]; all
  /// crops are encoded to know it.
  func classAttentionOfAllCrops() -> [[Float]] {
    encode(Set(classAttention.indices))
    return classAttention.map { $0! }
  }

  /// Rows of the given tokens of every crop.
  func rows(ofCrops tokens: [[Int]]) -> RowRuns {
    layout.runs(
      ofTokens: tokens.enumerated().flatMap { crop, tokens in tokens.map { token($0, of: crop) } })
  }

  /// Row-major index in the whole view of a crop's token.
  private func token(_ token: Int, of crop: Int) -> Int {
    let perSide = configuration.cropsPerSide
    let cropGrid = configuration.grid / perSide
    let y = crop / perSide * cropGrid + token / cropGrid
    return y * configuration.grid + crop % perSide * cropGrid + token % cropGrid
  }

  private func encode(_ crops: Set<Int>) {
    let missing = crops.filter { classAttention[$0] == nil }.sorted()
    if missing.isEmpty { return }
    let perSide = configuration.cropsPerSide
    let encoded = tower.encode(
      missing.map {
        pixels.crop(
          row: $0 / perSide * configuration.cropSize,
          column: $0 % perSide * configuration.cropSize, size: configuration.cropSize)
      })
    let tokens = encoded.tokens.rows / missing.count
    for (position, crop) in missing.enumerated() {
      for index in 0..<tokens {
        let row = layout.rowOfToken[token(index, of: crop)]
        let source = position * tokens + index
        features.rows(row..<row + 1).copy(from: encoded.tokens.rows(source..<source + 1))
      }
      classAttention[crop] = encoded.features.last.attention(crop: position)
    }
  }
}

// MARK: - Keeping

extension HighFeatures {
  func save(to record: inout CacheRecord) {
    for (crop, attention) in classAttention.enumerated() {
      guard let attention else { continue }
      record.add("crop.\(crop).tokens", features, rows(ofCrop: crop))
      record.add("crop.\(crop).attention", Matrix(attention, columns: attention.count))
    }
  }

  func restore(_ record: CacheRecord) {
    for crop in classAttention.indices {
      let rows = rows(ofCrop: crop)
      guard
        let tokens = record.matrix(
          "crop.\(crop).tokens", rows: rows.count, columns: features.columns),
        let attention = record.matrix("crop.\(crop).attention", rows: 1, columns: rows.count)
      else { continue }
      features.copy(from: tokens, toRows: rows)
      classAttention[crop] = attention.values(row: 0)
    }
  }

  private func rows(ofCrop crop: Int) -> RowRuns {
    RowRuns(cropOfRow.indices.filter { cropOfRow[$0] == crop })
  }
}
