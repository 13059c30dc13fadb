/// Which high-resolution cells the last position may see.
public enum AttentionMode: String, Sendable, CaseIterable {
  /// The cells that the attention of the layer before selected: FlexAttention.
  case flex
  /// None: the low-resolution view alone, as plain LLaVA.
  case low
  /// Every cell.
  case all
}

/// What the last position may see of the high-resolution view.
public struct AttentionOptions: Sendable, Equatable {
  public var mode: AttentionMode
  /// Replaces the model's own selection threshold, 0...255.
  public var threshold: Int?

  public init(mode: AttentionMode = .flex, threshold: Int? = nil) {
    self.mode = mode
    self.threshold = threshold
  }
}

/// What one layer chose at one step.
public struct LayerSelection: Sendable, Equatable {
  public let layer: Int
  /// The cells that the next layer sees.
  public let cells: CellMask
  /// The last position's attention to the low-resolution patches, min-max scaled, row-major; all
  /// NaN where it was flat.
  public let map: [Float]
}

/// The high-resolution side of one image at its place in a prompt, as the decoder uses it.
struct HighView {
  let keyValues: HighKeyValues
  let selector: CellSelector
  let mode: AttentionMode
  /// Positions of the low-resolution image tokens.
  let imageRange: Range<Int>

  private var configuration: HighResolutionConfiguration { keyValues.features.configuration }

  /// The image's positions if the layer is to tell its attention to them.
  func image(atLayer layer: Int) -> Range<Int>? {
    layer >= configuration.firstSelectionLayer ? imageRange : nil
  }

  func select(_ attention: [Float], atLayer layer: Int) -> LayerSelection {
    let (cells, map) = selector(attention)
    return LayerSelection(
      layer: layer,
      cells: mode == .all ? CellMask(grid: configuration.selectionGrid, all: true) : cells,
      map: map)
  }

  /// Keys and values of the cells that the layer before chose.
  func cells(
    _ selection: LayerSelection, for layer: DecoderLayer, at index: Int, _ workspace: Workspace
  ) -> SelectedCells? {
    layer.high.map {
      keyValues.select(
        selection.cells, layer: index, key: $0.key, value: $0.value, workspace)
    }
  }
}
