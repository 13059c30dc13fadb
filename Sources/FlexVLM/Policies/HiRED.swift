/// HiRED's token budget (arXiv 2408.10945, section 4): the crops of the high view share what the low
/// view's class token finds in them, and each keeps the tokens that its own class token attends to.
///
/// Here the low view always stays whole, since the high-resolution keys take their positions from
/// it; with nine crops and a budget of 0.2 or more HiRED keeps it whole too.
struct HiRED {
  /// Share of all visual tokens that is kept.
  let budget: Double
  /// As the code at commit 502d6dd: crops weighed by how many of the low view's best tokens lie in
  /// bands of consecutive tokens, where the paper sums attention over the crop's place.
  let isCompatible: Bool
  /// Share of the budget that goes to the low view.
  static let lowShare = 0.5

  /// Rows of the tokens that are kept; all crops are encoded to know them.
  func rows(of high: HighFeatures, _ low: VisionFeatures) -> RowRuns {
    high.rows(
      ofCrops: tokens(
        lowAttention: low.first.attention(crop: 0), cropAttention: high.classAttentionOfAllCrops(),
        cropsPerSide: high.configuration.cropsPerSide))
  }

  /// Tokens that each crop keeps.
  ///
  /// - Parameters:
  ///   - lowAttention: of the class token in the tower's first layer, [lowGrid * lowGrid].
  ///   - cropsPerSide: crops along a side of the high view.
  ///   - tokens: tokens of one crop.
  func allocation(_ lowAttention: [Float], cropsPerSide: Int, tokens: Int) -> [Int] {
    let crops = cropsPerSide * cropsPerSide
    let total = Int(Double(lowAttention.count + crops * tokens) * budget)
    let low = min(Int(Self.lowShare * Double(total)), lowAttention.count)
    let high = min(total - low, crops * tokens)
    let weights =
      isCompatible
      ? counts(lowAttention, crops: crops) : masses(lowAttention, cropsPerSide: cropsPerSide)
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return weights.map { _ in min(high / crops, tokens) } }
    return weights.map { min(Int(Double(high) * $0 / sum), tokens) }
  }

  /// Tokens of each crop that are kept, ascending.
  ///
  /// - Parameter cropAttention: of each crop's class token in the tower's last layer, [tokens].
  func tokens(lowAttention: [Float], cropAttention: [[Float]], cropsPerSide: Int) -> [[Int]] {
    let counts = allocation(
      lowAttention, cropsPerSide: cropsPerSide, tokens: cropAttention[0].count)
    return zip(cropAttention, counts).map { attention, count in
      attention.descendingIndices.prefix(count).sorted()
    }
  }

  /// Attention that falls on each crop; a patch on a border belongs to the crop of its centre.
  private func masses(_ attention: [Float], cropsPerSide: Int) -> [Double] {
    let grid = Int(Double(attention.count).squareRoot())
    var masses = Array(repeating: 0.0, count: cropsPerSide * cropsPerSide)
    for (patch, value) in attention.enumerated() {
      let y = (2 * (patch / grid) + 1) * cropsPerSide / (2 * grid)
      let x = (2 * (patch % grid) + 1) * cropsPerSide / (2 * grid)
      masses[y * cropsPerSide + x] += Double(value)
    }
    return masses
  }

  /// How many of the best tokens each band of consecutive tokens holds.
  private func counts(_ attention: [Float], crops: Int) -> [Double] {
    let count = Int(Double(attention.count) * (1 - Self.lowShare))
    let best = attention.descendingIndices.prefix(count)
    return best.reduce(into: Array(repeating: 0.0, count: crops)) { counts, patch in
      counts[patch * crops / attention.count] += 1
    }
  }
}
