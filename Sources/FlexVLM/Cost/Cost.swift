/// What a stage takes: arithmetic, and memory that must be read or written once a pass.
package struct Cost: Sendable, Equatable {
  /// Multiplications and additions of matrix products; everything else is less than a hundredth.
  package var flops: Double
  /// Weights read, and keys and values read and written; activations stay in caches.
  package var bytes: Double

  package init(flops: Double = 0, bytes: Double = 0) {
    self.flops = flops
    self.bytes = bytes
  }

  package static func + (a: Cost, b: Cost) -> Cost {
    Cost(flops: a.flops + b.flops, bytes: a.bytes + b.bytes)
  }

  static func * (a: Cost, factor: Double) -> Cost {
    Cost(flops: a.flops * factor, bytes: a.bytes * factor)
  }
}

/// The cost of one answer, stage by stage.
package struct StageCosts: Sendable, Equatable {
  /// Tower and projector on the low-resolution view or whatever else always runs.
  package var lowView = Cost()
  /// Tower and projector on the crops of the high-resolution view.
  package var highView = Cost()
  /// The prompt through the language model, up to the first token.
  package var prompt = Cost()
  /// Keys and values of high-resolution tokens.
  package var highKeyValues = Cost()
  /// The tokens after the first.
  package var answer = Cost()

  package var encoder: Cost { lowView + highView }
  package var decoder: Cost { prompt + highKeyValues + answer }
  package var total: Cost { encoder + decoder }
}

/// How much one answer asks of a model: chosen, or measured in a run.
package struct Workload: Sendable, Equatable {
  /// Positions of the prompt, image tokens among them.
  package var promptPositions: Int
  /// Tokens that pruning leaves of the low view and projects anew; nil without pruning.
  package var prunedTokens: Int?
  /// Passes through the decoder: the prompt's and one for each token but the last.
  package var passes: Int
  /// Crops of the high-resolution view that are encoded.
  package var crops: Int
  /// High-resolution tokens seen, summed over layers and passes.
  package var seenTokens: Double
  /// (Layer, token) pairs whose high-resolution keys and values are computed.
  package var projectedTokens: Double

  package init(
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
  package init(of answer: Answer, _ model: ModelConfiguration) {
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
