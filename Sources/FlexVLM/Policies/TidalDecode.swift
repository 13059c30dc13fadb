/// TidalDecode's position persistent selection (arXiv 2410.05076): two layers see everything and
/// keep each head's best positions; the layers after them see only those.
///
/// Positions are ordinary ones and high-resolution tokens alike. Each position that sees the high
/// view counts as one decoding step, the last one of the prompt too; positions before it are plain,
/// as in FlexAttention.
struct TidalDecode {
  /// Layers that see everything and select: the first with high-resolution keys and the one half way
  /// from it to the last, which for 32 layers are 9 and 20.
  let selectingLayers: [Int]

  init(firstHighLayer: Int, layerCount: Int) {
    let middle = firstHighLayer + (layerCount - firstHighLayer) / 2
    selectingLayers = firstHighLayer == middle ? [firstHighLayer] : [firstHighLayer, middle]
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
