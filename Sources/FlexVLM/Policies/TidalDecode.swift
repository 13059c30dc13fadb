/// TidalDecode's position persistent selection (arXiv 2410.05076): two layers see everything and
/// keep each head's best positions; the layers after them see only those.
///
/// Positions are ordinary ones and high-resolution tokens alike. Each position that sees the high
/// view counts as one decoding step, the last one of the prompt too; positions before it are plain,
/// as in FlexAttention.
struct TidalDecode: TokenPolicy {
  private let selectingLayers: [Int]
  private let all: TokenSelection
  private let count: Int

  /// - Parameters:
  ///   - all: every high-resolution token.
  ///   - count: positions that a head keeps.
  init(firstHighLayer: Int, layerCount: Int, all: TokenSelection, keeping count: Int) {
    selectingLayers = Self.selectingLayers(firstHighLayer: firstHighLayer, layerCount: layerCount)
    self.all = all
    self.count = count
  }

  /// Layers that see everything and select: the first with high-resolution keys and the one half way
  /// from it to the last, which for 32 layers are 9 and 20.
  static func selectingLayers(firstHighLayer: Int, layerCount: Int) -> [Int] {
    let middle = firstHighLayer + (layerCount - firstHighLayer) / 2
    return firstHighLayer == middle ? [firstHighLayer] : [firstHighLayer, middle]
  }

  func needsScores(atLayer layer: Int) -> Bool { selectingLayers.contains(layer) }

  func tokens(after step: SelectionStep) -> TokenSelection {
    if selectingLayers.contains(step.layer + 1) { return all }
    guard let scores = step.scores else { return step.previous ?? all }
    return Self.selection(scores, ordinary: step.position + 1, keeping: count)
  }

  /// What the layers after a selecting one see.
  ///
  /// - Parameters:
  ///   - scores: pre-softmax scores of each head, of all ordinary positions, then of all
  ///     high-resolution tokens.
  ///   - ordinary: number of ordinary positions.
  ///   - count: positions that a head keeps.
  static func selection(_ scores: [[Float]], ordinary: Int, keeping count: Int) -> TokenSelection {
    let heads = scores.map { scores in
      let best = scores.descendingIndices.prefix(count).sorted()
      return TokenSelection.Head(
        positions: RowRuns(best.prefix { $0 < ordinary }),
        rows: RowRuns(best.drop { $0 < ordinary }.map { $0 - ordinary }))
    }
    let union = heads.reduce(into: Set<Int>()) { $0.formUnion($1.rows.indices) }
    return TokenSelection(rows: RowRuns(union.sorted()), heads: heads)
  }
}
