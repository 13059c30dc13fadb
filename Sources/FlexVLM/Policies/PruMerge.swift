/// LLaVA-PruMerge and PruMerge+ (arXiv 2403.15388): of the low view's tokens, those that stand out
/// in the class token's attention are kept, and the rest are merged into them.
///
///   features [576, 1024], class attention [576] -> outliers -> (+ evenly spaced) -> each plus what
///   its 32 nearest neighbours weigh -> one more for all the pruned [kept + 1, 1024]
///
/// As the paper has it, attention and keys are those of the tower's layer that makes the features.
/// The code takes them from the layer after it, which model files leave out.
struct PruMerge {
  /// PruMerge+: adds tokens at even distances.
  let addsEvenlySpaced: Bool
  static let neighbours = 32

  /// Tokens kept, in the order in which the language model reads them: by falling attention, then
  /// the evenly spaced ones.
  func kept(_ attention: [Float]) -> [Int] {
    let (low, high) = (attention.percentile(0.25), attention.percentile(0.75))
    let limit = high + 1.5 * (high - low)
    // Without any outlier the published code divides by zero; the best token stands in.
    let ratio = Double(max(1, attention.count { $0 > limit })) / Double(attention.count)
    let count = max(1, Int(Double(attention.count) * ratio))
    let outliers = Array(attention.descendingIndices.prefix(count))
    guard addsEvenlySpaced else { return outliers }
    let step = max(1, Int(1 / ratio) / 3)
    let taken = Set(outliers)
    return outliers
      + stride(from: 0, to: attention.count - 1, by: step).filter { !taken.contains($0) }
  }

  /// - Parameters:
  ///   - features: [tokens, width], not yet projected.
  ///   - keys: of the same tokens, [tokens, width].
  ///   - attention: of the class token to them, [tokens].
  /// - Returns: [kept + 1, width]
  func callAsFunction(_ features: Matrix, keys: Matrix, attention: [Float]) -> Matrix {
    let kept = kept(attention)
    let merged = Matrix(rows: kept.count + 1, columns: features.columns)
    merged.fill(0)
    let directions = unitRows(keys)
    let similarity = Matrix(rows: 1, columns: keys.rows)
    for (row, token) in kept.enumerated() {
      RowAttention.scores(
        directions.rows(token..<token + 1), keys: directions, scale: 1, into: similarity)
      similarity[0, token] = -.infinity
      let nearest = similarity.values(row: 0).descendingIndices
        .prefix(min(Self.neighbours, keys.rows - 1))
      let target = merged.rows(row..<row + 1)
      target.add(features.rows(token..<token + 1))
      for other in nearest {
        target.add(features.rows(other..<other + 1), scale: attention[other])
      }
    }
    let pruned = Set(0..<features.rows).subtracting(kept).sorted()
    let extra = merged.rows(kept.count..<kept.count + 1)
    for token in pruned { extra.add(features.rows(token..<token + 1), scale: attention[token]) }
    return merged
  }

  private func unitRows(_ x: Matrix) -> Matrix {
    let unit = Matrix(rows: x.rows, columns: x.columns)
    for row in 0..<x.rows {
      let norm = x.values(row: row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      unit.rows(row..<row + 1).copy(from: x.rows(row..<row + 1), scale: 1 / max(norm, 1e-12))
    }
    return unit
  }
}
