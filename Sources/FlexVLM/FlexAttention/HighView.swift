/// The high-resolution side of one image at its place in a prompt, as the decoder uses it: which of
/// its tokens each layer sees.
struct HighView {
  let keyValues: HighKeyValues
  let selector: CellSelector
  let policy: any TokenPolicy
  /// Positions of the low-resolution image tokens.
  let imageRange: Range<Int>

  /// What a layer is to tell of its attention; nil if nothing.
  func probe(atLayer layer: Int) -> AttentionProbe? {
    guard layer >= keyValues.features.configuration.firstSelectionLayer else { return nil }
    return AttentionProbe(image: imageRange, keepsScores: policy.needsScores(atLayer: layer))
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
    let tokens = policy.tokens(
      after: SelectionStep(
        layer: layer, position: position, map: map, scores: reading.scores,
        previous: previous?.tokens))
    return LayerSelection(
      layer: layer, cells: keyValues.features.layout.cells(tokens.rows), map: map, tokens: tokens)
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
