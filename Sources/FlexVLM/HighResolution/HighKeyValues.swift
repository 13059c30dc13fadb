/// High-resolution keys and values of one image: of each layer and token, computed once.
///
/// They depend on the image and its place in the prompt alone (keys take the image's rotary
/// positions), so they stay valid for the whole generation and for later questions (Algorithm 9.2).
/// The official code projects them again at every step.
final class HighKeyValues {
  let features: HighFeatures
  /// Position of the first low-resolution image token.
  let imageStart: Int
  private let positions: RotaryTable
  private var layers: [Int: Layer] = [:]

  private struct Layer {
    let keys: Matrix  // [grid * grid, key-value width]
    let values: Matrix  // [grid * grid, key-value width]
    var isReady: [Bool]  // rows

    init(tokens: Int, columns: Int) {
      keys = Matrix(rows: tokens, columns: columns)
      values = Matrix(rows: tokens, columns: columns)
      isReady = Array(repeating: false, count: tokens)
    }
  }

  init(_ features: HighFeatures, rotary: RotaryTable, imageStart: Int, lowGrid: Int) {
    self.features = features
    self.imageStart = imageStart
    positions = rotary.enlarged(from: imageStart, lowGrid: lowGrid, layout: features.layout)
  }

  /// (Layer, token) pairs projected so far.
  var projectedTokenCount: Int { layers.values.reduce(0) { $0 + $1.isReady.count { $0 } } }

  /// Keys and values for one layer; those of the selected rows are filled in.
  ///
  /// - Parameters:
  ///   - key, value: the layer's `k_proj_hd` and `v_proj_hd`, [key-value width, width]
  func select(
    _ selection: TokenSelection, layer index: Int, key: WeightMatrix, value: WeightMatrix,
    _ workspace: Workspace
  ) -> SelectedTokens {
    let tokens = features.layout.rowOfToken.count
    var layer = layers[index] ?? Layer(tokens: tokens, columns: key.rows)
    let missing = RowRuns(selection.rows.indices.filter { !layer.isReady[$0] })
    if missing.count > 0 {
      features.require(missing)
      project(missing, key: key, value: value, into: layer, workspace)
      for row in missing.indices { layer.isReady[row] = true }
      layers[index] = layer
    }
    return SelectedTokens(keys: layer.keys, values: layer.values, selection: selection)
  }

  /// Gathers the runs into one product: the features of a cell are few rows, too few for BLAS.
  private func project(
    _ rows: RowRuns, key: WeightMatrix, value: WeightMatrix, into layer: Layer,
    _ workspace: Workspace
  ) {
    let count = rows.count
    let input = workspace.matrix(.highKey, rows: count, columns: key.columns)
    let output = workspace.matrix(.highValue, rows: count, columns: key.rows)
    var offset = 0
    for run in rows.ranges {
      input.rows(offset..<offset + run.count).copy(from: features.features.rows(run))
      offset += run.count
    }
    for (weight, target) in [(key, layer.keys), (value, layer.values)] {
      workspace.linear(input, weight, into: output)
      target.copy(from: output, toRows: rows)
    }
    for run in rows.ranges { positions.rotate(layer.keys.rows(run), from: run.lowerBound) }
  }
}

// MARK: - Keeping

extension HighKeyValues {
  func save(to record: inout CacheRecord) {
    record.add("high.image_start", [imageStart])
    for (index, layer) in layers {
      let rows = RowRuns(layer.isReady.indices.filter { layer.isReady[$0] })
      record.add("high.\(index).rows", rows.bounds)
      record.add("high.\(index).keys", layer.keys, rows)
      record.add("high.\(index).values", layer.values, rows)
    }
  }

  /// - Parameter columns: key-value width.
  func restore(_ record: CacheRecord, layerCount: Int, columns: Int) {
    let tokens = features.layout.rowOfToken.count
    for index in 0..<layerCount {
      guard let bounds = record.list("high.\(index).rows"),
        let rows = RowRuns(bounds: bounds, limit: tokens),
        let keys = record.matrix("high.\(index).keys", rows: rows.count, columns: columns),
        let values = record.matrix("high.\(index).values", rows: rows.count, columns: columns)
      else { continue }
      var layer = Layer(tokens: tokens, columns: columns)
      layer.keys.copy(from: keys, toRows: rows)
      layer.values.copy(from: values, toRows: rows)
      for row in rows.indices { layer.isReady[row] = true }
      layers[index] = layer
    }
  }
}
