// The paper's cost table (FlexAttention, section 4.4) by formula, each system as it is described.

/// One system's costs, beside what FlexAttention's paper reports for it.
package struct SystemCost: Sendable {
  package let name: String
  /// What is counted, in a line.
  package let summary: String
  package let stages: StageCosts
  /// TFLOPs in the paper's table (MagnifierBench); nil where it has none.
  package let published: Double?
}

/// The setting of a comparison.
package struct CostSetting: Sendable, Equatable {
  /// Prompt tokens besides the image's.
  package var textTokens: Int
  /// Tokens of the answer, its end included.
  package var answerTokens: Int
  /// Share of the high-resolution tokens that a layer sees; nil takes the policy's own budget, or a
  /// tenth.
  package var selected: Double?
  /// Crops that the engine encodes; nil for all.
  package var crops: Int?
  package var selection: SelectionOptions

  package init(
    textTokens: Int = 64, answerTokens: Int = 3, selected: Double? = nil, crops: Int? = nil,
    selection: SelectionOptions = SelectionOptions()
  ) {
    self.textTokens = textTokens
    self.answerTokens = answerTokens
    self.selected = selected
    self.crops = crops
    self.selection = selection
  }
}

extension ModelConfiguration {
  /// Sizes of the published FlexAttention model: LLaVA-1.5-7B with a view of 1008 pixels.
  package static let official7B = ModelConfiguration(
    name: "FlexAttention 7B",
    language: LanguageConfiguration(
      vocabularySize: 32000, contextLength: 4096, width: 4096, feedForwardWidth: 11008,
      layerCount: 32, headCount: 32, keyValueHeadCount: 32, normEpsilon: 1e-5, ropeBase: 10_000),
    vision: VisionConfiguration(
      nativeSize: 336, patchSize: 14, width: 1024, feedForwardWidth: 4096, layerCount: 23,
      headCount: 16, normEpsilon: 1e-5, imageMean: [], imageDeviation: [], lowSize: 336),
    high: HighResolutionConfiguration(
      size: 1008, zoom: 3, grid: 72, firstSelectionLayer: 8, selectionGrid: 9, threshold: 48),
    promptTemplate: "")
}

extension CostModel {
  /// This engine under a policy.
  package func workload(_ setting: CostSetting) -> Workload {
    let policy = setting.selection.policy
    let passes = setting.answerTokens
    let (tokens, layers) = (Double(highTokens), Double(highLayers))
    var image = lowTokens
    var (seen, projected) = (0.0, 0.0)  // shares, summed over layers
    let share = min(
      setting.selected ?? policy.defaultBudget.map { setting.selection.budget ?? $0 } ?? 0.1, 1)
    switch policy {
    case .none: break
    // The papers' averages for 576 tokens: 5.5 and 25 of a hundred.
    case .pruMerge: image = Int((0.055 * Double(image)).rounded(.up)) + 1
    case .pruMergePlus: image = image / 4 + 1
    case .all: (seen, projected) = (layers, layers)
    // The same tokens for every layer and pass.
    case .centre: (seen, projected) = (layers * share, layers * share)
    case .hired:
      let kept = setting.selected ?? hiredShare(share)
      (seen, projected) = (layers * kept, layers * kept)
    case .tidal:
      let dense = min(2, layers)
      (seen, projected) = (
        dense + (layers - dense) * share,
        dense + (layers - dense) * min(1, share * Double(passes))
      )
    // New tokens at every pass is the most that there can be.
    case .flex, .flexFixed, .random:
      (seen, projected) = (layers * share, layers * min(1, share * Double(passes)))
    }
    return Workload(
      promptPositions: image + setting.textTokens,
      prunedTokens: policy.isPruning ? image : nil, passes: passes,
      crops: seen > 0 ? min(setting.crops ?? cropCount, cropCount) : 0,
      seenTokens: seen * tokens * Double(passes), projectedTokens: projected * tokens)
  }

  /// What is left of HiRED's budget for the high view, as a share of it.
  private func hiredShare(_ budget: Double) -> Double {
    let total = (Double(lowTokens + highTokens) * budget).rounded(.down)
    let low = min((HiRED.lowShare * total).rounded(.down), Double(lowTokens))
    return highTokens > 0 ? min(1, (total - low) / Double(highTokens)) : 0
  }

  /// The systems of the paper's table, the LLaVA family around them, and this engine. All but the
  /// last run as PyTorch code does that spares nothing: see `eager(imageTokens:_:)`.
  package func comparison(_ setting: CostSetting) -> [SystemCost] {
    let isOfficial = configuration == .official7B
    func system(
      _ name: String, _ summary: String, imageTokens: Int, highView: Cost = Cost(),
      highKeyValues: Cost = Cost(), published: Double? = nil
    ) -> SystemCost {
      var stages = eager(imageTokens: imageTokens, setting)
      stages.highView = highView
      stages.highKeyValues = highKeyValues
      return SystemCost(name: name, summary: summary, stages: stages, published: published)
    }
    let towerLayers = vision.layerCount + 1
    let cropGrid = configuration.high.map { $0.grid / $0.cropsPerSide } ?? vision.lowGrid
    let crops = tower(crops: cropCount, grid: cropGrid, layers: towerLayers)
    // The paper's LLaVA-HD encodes 448 pixels beside the low view: 32 x 32 patches of 14.
    let hdGrid = isOfficial ? 32 : configuration.high?.grid ?? 2 * vision.lowGrid
    let nextGrid = 2 * vision.lowGrid
    let nextTokens = lowTokens + nextGrid * (nextGrid + 1)
    var systems = [
      system("LLaVA-1.5", "\(lowTokens) tokens of the low view", imageTokens: lowTokens),
      system(
        "LLaVA-HD", "\(lowTokens) + \(hdGrid * hdGrid) tokens, all in the language model",
        imageTokens: lowTokens + hdGrid * hdGrid,
        highView: isOfficial || cropCount == 0
          ? tower(crops: 1, grid: hdGrid, layers: towerLayers) : crops,
        published: isOfficial ? 24.9 : nil),
      system(
        "LLaVA-NeXT", "\(nextTokens) tokens: four tiles, row ends, the low view",
        imageTokens: nextTokens,
        highView: tower(crops: 4, grid: vision.lowGrid, layers: towerLayers)),
    ]
    guard configuration.high != nil else { return systems }
    systems += [
      system(
        "Cross-attention", "every layer and position looks at all \(highTokens) high tokens",
        imageTokens: lowTokens, highView: crops, highKeyValues: crossAttention(setting),
        published: isOfficial ? 27.1 : nil),
      system(
        "FlexAttention's code", "high keys and values are projected again for every token",
        imageTokens: lowTokens, highView: crops, highKeyValues: projectedAgain(setting),
        published: isOfficial ? 17.1 : nil),
      SystemCost(
        name: "flexvlm, \(setting.selection.policy.rawValue)",
        summary: "high keys and values are projected once, and nothing is computed for no use",
        stages: cost(workload(setting)), published: nil),
    ]
    return systems
  }

  /// A low view and an answer as the official code runs them: the tower's last layer too, whose
  /// result is not used, attention of all positions to all, and logits of all positions.
  private func eager(imageTokens: Int, _ setting: CostSetting) -> StageCosts {
    let positions = imageTokens + setting.textTokens
    var stages = cost(
      Workload(
        promptPositions: positions, passes: setting.answerTokens, crops: 0, seenTokens: 0,
        projectedTokens: 0))
    stages.lowView = tower(crops: 1, grid: vision.lowGrid, layers: vision.layerCount + 1)
    let (t, d) = (Double(positions), Double(language.width))
    stages.prompt.flops =
      2 * t * (Double(language.layerCount) * (layerWeights + 2 * d * t) + headWeights)
    return stages
  }

  /// CogAgent's module in each layer: queries and output of each position, keys and values of all
  /// high-resolution tokens (once), and attention between them.
  private func crossAttention(_ setting: CostSetting) -> Cost {
    let (d, layers) = (Double(language.width), Double(language.layerCount))
    let (high, passes) = (Double(highTokens), Double(setting.answerTokens))
    let queries = Double(lowTokens + setting.textTokens) + passes - 1
    let products = layers * (high * 2 * d * d + queries * (2 * d * d + 2 * d * high))
    let cache = Self.cacheBytes * 2 * d * high * (passes + 1)
    return Cost(
      flops: 2 * products, bytes: layers * (weightBytes * 4 * d * d * passes + cache))
  }

  /// High keys and values of the selected tokens at every pass, and all rows of the prompt against
  /// them twice, of which the last row alone is used.
  private func projectedAgain(_ setting: CostSetting) -> Cost {
    let (d, k) = (Double(language.width), Double(language.keyValueWidth))
    let passes = Double(setting.answerTokens)
    let selected = (setting.selected ?? 0.1) * Double(highTokens) * Double(highLayers)
    let rows = 2 * Double(lowTokens + setting.textTokens) + passes - 1
    return Cost(
      flops: 2 * selected * (passes * 2 * d * k + rows * 2 * d),
      bytes: passes
        * (weightBytes * Double(highLayers) * 2 * d * k + Self.cacheBytes * selected * 4 * k))
  }
}
