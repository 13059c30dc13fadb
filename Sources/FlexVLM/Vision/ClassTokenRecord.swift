/// Where the class tokens of crops looked in one layer of the tower, for the policies that choose
/// image tokens by it.
struct ClassTokenRecord {
  let crops: Int
  let headCount: Int
  /// Attention of the class token, softmax over all tokens of its crop, itself first.
  let weights: Matrix  // [crops * heads, 1 + patches]
  let queries: Matrix  // [crops * (1 + patches), width]
  let keys: Matrix  // [crops * (1 + patches), width]

  init(crops: Int, patches: Int, headCount: Int, width: Int) {
    self.crops = crops
    self.headCount = headCount
    weights = Matrix(rows: crops * headCount, columns: 1 + patches)
    queries = Matrix(rows: crops * (1 + patches), columns: width)
    keys = Matrix(rows: crops * (1 + patches), columns: width)
  }

  /// Attention to the patches of a crop, summed over heads, [patches].
  func attention(crop: Int) -> [Float] {
    let rows = (0..<headCount).map { weights.values(row: crop * headCount + $0) }
    return (1..<weights.columns).map { patch in rows.reduce(0) { $0 + $1[patch] } }
  }

  /// Attention to the patches of a crop as if all heads were one, [patches]: PruMerge's.
  func jointAttention(crop: Int) -> [Float] {
    let tokens = crop * weights.columns..<(crop + 1) * weights.columns
    let scores = Matrix(rows: 1, columns: tokens.count)
    RowAttention.scores(
      queries.rows(tokens.lowerBound..<tokens.lowerBound + 1), keys: keys.rows(tokens),
      scale: 1 / Float(keys.columns).squareRoot(), into: scores)
    scores.softmax(row: 0, count: tokens.count)
    return Array(scores.values(row: 0)[1...])
  }

  /// Keys of the patches of a crop, [patches, width].
  func patchKeys(crop: Int) -> Matrix {
    keys.rows(crop * weights.columns + 1..<(crop + 1) * weights.columns)
  }
}
