/// The high-resolution side of one image at its place in a prompt, as the decoder uses it: which of
/// its tokens each layer sees.
struct HighView {
  let keyValues: HighKeyValues
  let selector: CellSelector
  let options: SelectionOptions
  /// Positions of the low-resolution image tokens.
  let imageRange: Range<Int>
  private let tidal: TidalDecode
  /// The selection of policies that look neither at the question nor at the layer.
  private let fixed: TokenSelection?

  /// - Parameter classTokens: of the low view, in the tower's first layer.
  init(
    keyValues: HighKeyValues, selector: CellSelector, options: SelectionOptions,
    imageRange: Range<Int>, classTokens: ClassTokenRecord, layerCount: Int
  ) {
    self.keyValues = keyValues
    self.selector = selector
    self.options = options
    self.imageRange = imageRange
    let layout = keyValues.features.layout
    tidal = TidalDecode(
      firstHighLayer: keyValues.features.configuration.firstSelectionLayer + 1,
      layerCount: layerCount)
    let rows: RowRuns? =
      switch options.policy {
      case .hired:
        keyValues.features.tokens(
          HiRED(budget: options.share, isCompatible: options.isCompatible),
          lowAttention: classTokens.attention(crop: 0))
      case .centre:
        layout.runs(
          CellMask(
            grid: layout.cellGrid,
            central: options.budget(of: layout.cellGrid * layout.cellGrid)))
      case .all: RowRuns(0..<layout.rowOfToken.count)
      default: nil
      }
    fixed = rows.map { TokenSelection(rows: $0) }
  }

  private var layout: CellLayout { keyValues.features.layout }

  /// What a layer is to tell of its attention; nil if nothing.
  func probe(atLayer layer: Int) -> AttentionProbe? {
    guard layer >= keyValues.features.configuration.firstSelectionLayer else { return nil }
    return AttentionProbe(
      image: imageRange,
      keepsScores: options.policy == .tidal && tidal.selectingLayers.contains(layer))
  }

  /// Chooses what the layer after this one sees.
  ///
  /// - Parameters:
  ///   - position: of the newest token.
  ///   - previous: what the layer before chose.
  func select(
    _ reading: AttentionReading, atLayer layer: Int, position: Int, after previous: LayerSelection?
  ) -> LayerSelection {
    let map = selector.map(reading.attention)
    let tokens =
      fixed ?? tokens(reading, map: map, atLayer: layer, position: position, after: previous)
    return LayerSelection(layer: layer, cells: layout.cells(tokens.rows), map: map, tokens: tokens)
  }

  private func tokens(
    _ reading: AttentionReading, map: [Float], atLayer layer: Int, position: Int,
    after previous: LayerSelection?
  ) -> TokenSelection {
    let grid = selector.cellGrid
    switch options.policy {
    case .tidal:
      let all = TokenSelection(rows: RowRuns(0..<layout.rowOfToken.count))
      if tidal.selectingLayers.contains(layer + 1) { return all }
      guard let scores = reading.scores else { return previous?.tokens ?? all }
      return TidalDecode.selection(
        scores, ordinary: position + 1, keeping: options.budget(of: layout.rowOfToken.count))
    case .random:
      let cells = RandomCells(seed: options.seed, probability: options.share)
      return TokenSelection(
        rows: layout.runs(
          cells(grid: options.isCompatible ? 8 : grid, position: position, layer: layer)))
    case .flexFixed:
      let cells = CellMask(
        grid: grid, best: options.budget(of: grid * grid), of: selector.pooled(map))
      return TokenSelection(rows: layout.runs(cells))
    default:
      return TokenSelection(rows: layout.runs(selector.cells(map)))
    }
  }

  /// Keys and values of what the layer before chose.
  func tokens(
    _ selection: LayerSelection, for layer: DecoderLayer, at index: Int, _ workspace: Workspace
  ) -> SelectedTokens? {
    layer.high.map {
      keyValues.select(
        selection.tokens, layer: index, key: $0.key, value: $0.value, workspace)
    }
  }
}
