// Operations and memory of a model by formula, as this engine works. Per token and layer, with width
// D, key-value width K, feed-forward width F, in multiply-adds (two FLOPs each):
//
//   linear       2 D D (query, output) + 2 D K (key, value) + 3 D F
//   attention    2 D for each position seen
//   high tokens  2 D K to project one, 2 D to see it
//   vision       (4 W W + 2 W F) a token + 2 W for each of the crop's tokens

package struct CostModel: Sendable {
  package let configuration: ModelConfiguration
  /// Bytes of a stored weight.
  package let weightBytes: Double
  /// Bytes of a key or value component, float32.
  static let cacheBytes = 4.0

  package init(_ configuration: ModelConfiguration, weightBytes: Double = 2) {
    self.configuration = configuration
    self.weightBytes = weightBytes
  }

  var language: LanguageConfiguration { configuration.language }
  var vision: VisionConfiguration { configuration.vision }

  /// Image tokens of the low-resolution view.
  package var lowTokens: Int { vision.lowGrid * vision.lowGrid }
  /// Tokens of the high-resolution view; 0 for a plain model.
  package var highTokens: Int { configuration.high.map { $0.grid * $0.grid } ?? 0 }
  package var cropCount: Int { configuration.high?.cropCount ?? 0 }
  /// Layers that see high-resolution tokens.
  package var highLayers: Int {
    configuration.high.map { max(0, language.layerCount - $0.firstSelectionLayer - 1) } ?? 0
  }

  /// The cost of an answer, all stages as this engine runs them.
  package func cost(_ work: Workload) -> StageCosts {
    var costs = StageCosts()
    costs.lowView = tower(crops: 1, grid: vision.lowGrid)
    costs.lowView.flops += 2 * Double(work.prunedTokens ?? 0) * projectorWeights
    if let high = configuration.high, work.crops > 0 {
      costs.highView = tower(crops: work.crops, grid: high.grid / high.cropsPerSide)
    }
    costs.prompt = prompt(positions: work.promptPositions)
    costs.answer = (1..<max(work.passes, 1)).reduce(Cost()) {
      $0 + step(position: work.promptPositions + $1 - 1)
    }
    costs.highKeyValues = highKeyValues(
      projected: work.projectedTokens, seen: work.seenTokens)
    return costs
  }
}

// MARK: - Stages

extension CostModel {
  /// Multiply-adds of a decoder layer's linear parts for one token.
  var layerWeights: Double {
    let (d, k, f) = (
      Double(language.width), Double(language.keyValueWidth), Double(language.feedForwardWidth)
    )
    return 2 * d * d + 2 * d * k + 3 * d * f
  }

  var headWeights: Double { Double(language.vocabularySize * language.width) }

  var projectorWeights: Double {
    Double(vision.width * language.width + language.width * language.width)
  }

  /// Tower and projector on crops of grid x grid patches.
  func tower(crops: Int, grid: Int, layers: Int? = nil) -> Cost {
    let (w, f) = (Double(vision.width), Double(vision.feedForwardWidth))
    let (patches, layers) = (Double(grid * grid), Double(layers ?? vision.layerCount))
    let tokens = patches + 1
    let patch = Double(3 * vision.patchSize * vision.patchSize)
    let layer = 4 * w * w + 2 * w * f
    let products =
      patches * patch * w + layers * (tokens * layer + 2 * w * tokens * tokens)
      + patches * projectorWeights
    return Cost(
      flops: 2 * Double(crops) * products,
      bytes: weightBytes * (patch * w + layers * layer + projectorWeights))
  }

  /// The whole prompt; the last layer computes no more than the last position needs.
  func prompt(positions: Int) -> Cost {
    let (t, d, k) = (Double(positions), Double(language.width), Double(language.keyValueWidth))
    let layers = Double(language.layerCount)
    // Queries before the last go in blocks of 64, and a block sees all keys up to its end.
    let (blocks, rest) = (positions - 1).quotientAndRemainder(dividingBy: 64)
    let seen = Double(64 * 64 * blocks * (blocks + 1) / 2 + rest * (positions - 1)) + t
    let products =
      (layers - 1) * (t * layerWeights + 2 * d * seen)
      + t * 2 * d * k + (layerWeights - 2 * d * k) + 2 * d * t + headWeights
    return Cost(
      flops: 2 * products,
      bytes: weightBytes * (layers * layerWeights + headWeights)
        + Self.cacheBytes * layers * 2 * k * t)
  }

  /// One token behind `position` others.
  func step(position: Int) -> Cost {
    let (d, k) = (Double(language.width), Double(language.keyValueWidth))
    let layers = Double(language.layerCount)
    let seen = Double(position + 1)
    return Cost(
      flops: 2 * (layers * (layerWeights + 2 * d * seen) + headWeights),
      bytes: weightBytes * (layers * layerWeights + headWeights)
        + Self.cacheBytes * layers * 2 * k * seen)
  }

  /// High-resolution keys and values, each computed once, and attention to them.
  func highKeyValues(projected: Double, seen: Double) -> Cost {
    let (d, k) = (Double(language.width), Double(language.keyValueWidth))
    let weights = projected > 0 ? Double(highLayers) * 2 * d * k : 0
    return Cost(
      flops: 2 * (projected * 2 * d * k + seen * 2 * d),
      bytes: weightBytes * weights + Self.cacheBytes * (projected + seen) * 2 * k)
  }
}
