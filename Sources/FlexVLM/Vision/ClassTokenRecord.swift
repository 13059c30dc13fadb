/// Where the class tokens of crops looked in one layer of the tower, for the policies that choose
/// image tokens by it.
struct ClassTokenRecord {
  let headCount: Int
  /// Attention of the class token, softmax over all tokens of its crop, itself first.
  let weights: Matrix  // [crops * heads, 1 + patches]
  /// Of the first crop alone: PruMerge looks at the low view, which is encoded by itself.
  let query: Matrix  // [1, width]
  let keys: Matrix  // [1 + patches, width]

  init(crops: Int, patches: Int, headCount: Int, width: Int) {
    self.headCount = headCount
    weights = Matrix(rows: crops * headCount, columns: 1 + patches)
    query = Matrix(rows: 1, columns: width)
    keys = Matrix(rows: 1 + patches, columns: width)
  }

  private init(headCount: Int, weights: Matrix, query: Matrix, keys: Matrix) {
    self.headCount = headCount
    self.weights = weights
    self.query = query
    self.keys = keys
  }

  /// Attention to the patches of a crop, summed over heads, [patches].
  func attention(crop: Int) -> [Float] {
    let rows = (0..<headCount).map { weights.values(row: crop * headCount + $0) }
    return (1..<weights.columns).map { patch in rows.reduce(0) { $0 + $1[patch] } }
  }

  /// Attention to the patches of the first crop as if all heads were one, [patches]: PruMerge's.
  var jointAttention: [Float] {
    let scores = Matrix(rows: 1, columns: keys.rows)
    RowAttention.scores(
      query, keys: keys, scale: 1 / Float(keys.columns).squareRoot(), into: scores)
    scores.softmax(row: 0, count: keys.rows)
    return Array(scores.values(row: 0)[1...])
  }

  /// Keys of the patches of the first crop, [patches, width].
  var patchKeys: Matrix { keys.rows(1..<keys.rows) }
}

// MARK: - Keeping

extension ClassTokenRecord {
  func save(_ name: String, to record: inout CacheRecord) {
    record.add(name + ".weights", weights)
    record.add(name + ".query", query)
    record.add(name + ".keys", keys)
  }

  init?(
    _ name: String, in record: CacheRecord, patches: Int, _ vision: VisionConfiguration
  ) {
    guard
      let weights = record.matrix(
        name + ".weights", rows: vision.headCount, columns: 1 + patches),
      let query = record.matrix(name + ".query", rows: 1, columns: vision.width),
      let keys = record.matrix(name + ".keys", rows: 1 + patches, columns: vision.width)
    else { return nil }
    self.init(headCount: vision.headCount, weights: weights, query: query, keys: keys)
  }
}
