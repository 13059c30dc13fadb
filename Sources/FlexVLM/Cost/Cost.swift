/// What a stage takes: arithmetic, and memory that must be read or written once a pass.
public struct Cost: Sendable, Equatable {
  /// Multiplications and additions of matrix products; everything else is less than a hundredth.
  public var flops: Double
  /// Weights read, and keys and values read and written; activations stay in caches.
  public var bytes: Double

  public init(flops: Double = 0, bytes: Double = 0) {
    self.flops = flops
    self.bytes = bytes
  }

  public static func + (a: Cost, b: Cost) -> Cost {
    Cost(flops: a.flops + b.flops, bytes: a.bytes + b.bytes)
  }

  static func * (a: Cost, factor: Double) -> Cost {
    Cost(flops: a.flops * factor, bytes: a.bytes * factor)
  }
}

/// The cost of one answer, stage by stage.
public struct StageCosts: Sendable, Equatable {
  /// Tower and projector on the low-resolution view or whatever else always runs.
  public var lowView = Cost()
  /// Tower and projector on the crops of the high-resolution view.
  public var highView = Cost()
  /// The prompt through the language model, up to the first token.
  public var prompt = Cost()
  /// Keys and values of high-resolution tokens.
  public var highKeyValues = Cost()
  /// The tokens after the first.
  public var answer = Cost()

  public var encoder: Cost { lowView + highView }
  public var decoder: Cost { prompt + highKeyValues + answer }
  public var total: Cost { encoder + decoder }
}

/// How much one answer asks of a model: chosen, or measured in a run.
public struct Workload: Sendable, Equatable {
  /// Positions of the prompt, image tokens among them.
  public var promptPositions: Int
  /// Tokens that pruning leaves of the low view and projects anew; nil without pruning.
  public var prunedTokens: Int?
  /// Passes through the decoder: the prompt's and one for each token but the last.
  public var passes: Int
  /// Crops of the high-resolution view that are encoded.
  public var crops: Int
  /// High-resolution tokens seen, summed over layers and passes.
  public var seenTokens: Double
  /// (Layer, token) pairs whose high-resolution keys and values are computed.
  public var projectedTokens: Double

  public init(
    promptPositions: Int, prunedTokens: Int? = nil, passes: Int, crops: Int, seenTokens: Double,
    projectedTokens: Double
  ) {
    self.promptPositions = promptPositions
    self.prunedTokens = prunedTokens
    self.passes = passes
    self.crops = crops
    self.seenTokens = seenTokens
    self.projectedTokens = projectedTokens
  }

  /// What an answer took, if it was the first about its image.
  public init(of answer: Answer, _ model: ModelConfiguration) {
    let lowTokens = model.vision.lowGrid * model.vision.lowGrid
    let imageTokens = answer.imageRange?.count
    let layerCount = model.language.layerCount
    let seen = answer.steps.flatMap(\.selections).filter { $0.layer < layerCount - 1 }
    self.init(
      promptPositions: answer.statistics.promptPositions,
      prunedTokens: imageTokens == lowTokens ? nil : imageTokens, passes: answer.steps.count,
      crops: answer.statistics.encodedCrops,
      seenTokens: seen.reduce(0) { $0 + Double($1.tokenCount) },
      projectedTokens: Double(answer.statistics.projectedTokens))
  }
}
