/// The language model: embeddings, layers, and logits of the last position.
struct Decoder {
  let configuration: LanguageConfiguration
  let embedding: WeightMatrix  // [vocabulary, width]
  let layers: [DecoderLayer]
  let outputNorm: RMSNorm
  /// The embedding itself, where the model ties them.
  let output: WeightMatrix  // [vocabulary, width]
  let rotary: RotaryTable

  init(
    _ configuration: LanguageConfiguration, high: HighResolutionConfiguration?,
    from store: inout TensorStore
  ) {
    let (width, vocabulary) = (configuration.width, configuration.vocabularySize)
    self.configuration = configuration
    embedding = store.weight(TensorName.tokenEmbedding, outputs: vocabulary, inputs: width)
    layers = (0..<configuration.layerCount).map { index in
      let attendsToHigh = high.map { index > $0.firstSelectionLayer } ?? false
      return DecoderLayer(index, configuration, attendsToHigh: attendsToHigh, from: &store)
    }
    outputNorm = store.rmsNorm(
      TensorName.outputNorm, width: width, epsilon: configuration.normEpsilon)
    output =
      store.has(TensorName.output)
      ? store.weight(TensorName.output, outputs: vocabulary, inputs: width) : embedding
    rotary = RotaryTable(configuration)
  }

  /// Runs new positions through all layers.
  ///
  /// - Parameters:
  ///   - hidden: [n, width], embeddings of the positions that follow the cache; overwritten.
  ///   - view: the image's high-resolution side; nil for plain LLaMA.
  /// - Returns: logits of the last position, [vocabulary], and what each selecting layer chose.
  func callAsFunction(
    _ hidden: Matrix, cache: inout KeyValueCache, view: HighView?, _ workspace: Workspace
  ) -> (logits: [Float], selections: [LayerSelection]) {
    let start = cache.count
    var selections: [LayerSelection] = []
    for (index, layer) in layers.enumerated() {
      let tokens = selections.last.flatMap { view?.tokens($0, for: layer, at: index, workspace) }
      let reading = layer(
        hidden, at: start, cache: (cache.keys[index], cache.values[index]), rotary: rotary,
        tokens: tokens, probe: view?.probe(atLayer: index), onlyLast: index == layers.count - 1,
        workspace)
      if let view, let reading {
        selections.append(
          view.select(
            reading, atLayer: index, position: start + hidden.rows - 1, after: selections.last))
      }
    }
    cache.advance(by: hidden.rows)

    let last = hidden.rows(hidden.rows - 1..<hidden.rows)
    workspace.normalize(last, outputNorm, into: last)
    let logits = workspace.matrix(.logits, rows: 1, columns: output.rows)
    workspace.linear(last, output, into: logits)
    return (logits.values(row: 0), selections)
  }
}

extension Decoder {
  /// Positions of prompts whose memory is reserved; a longer prompt takes some of its own.
  private static let usualPositions = 4096

  /// Floats of each slot for a prompt and so many high-resolution tokens.
  func scratch(highTokens: Int, _ workspace: Workspace) -> [Workspace.Slot: Int] {
    let positions = min(configuration.contextLength, Self.usualPositions)
    let width = configuration.width
    let inner = configuration.feedForwardWidth
    // Blocks of queries on each thread, or all heads of the last position.
    let scores = max(
      workspace.threads * Workspace.queryBlock * positions,
      configuration.headCount * (positions + highTokens))
    return [
      .hidden: positions * width, .normalized: positions * width, .query: positions * width,
      .attended: positions * width, .gate: positions * inner, .up: positions * inner,
      .scores: scores, .logits: configuration.vocabularySize,
      .maps: configuration.headCount * positions, .highKey: highTokens * width,
      .highValue: highTokens * configuration.keyValueWidth,
    ].merging(
      workspace.productScratch(
        rows: max(positions, highTokens), largest: max(width, inner))
    ) { $1 }
  }
}
