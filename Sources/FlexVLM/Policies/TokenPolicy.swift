// All that the engine knows of policies. Another one takes a case of `SelectionPolicy` with its default
// budget, a type that conforms to `TokenPolicy`, and a line in `tokenPolicy(on:)`; or, where it changes
// the low view instead, a line in `prunedTokens(of:)`.

/// A policy at work on one image: what it asks of a layer's attention, and what the next layer sees.
protocol TokenPolicy {
  /// Whether it needs each head's scores of everything that a layer sees.
  func needsScores(atLayer layer: Int) -> Bool

  /// What the layer after this step's sees of the high view.
  func tokens(after step: SelectionStep) -> TokenSelection
}

extension TokenPolicy {
  func needsScores(atLayer layer: Int) -> Bool { false }
}

/// What a policy is told of one layer.
struct SelectionStep {
  let layer: Int
  /// Of the newest token.
  let position: Int
  /// The last position's attention to the low-resolution patches, min-max scaled; see
  /// ``CellSelector/map(_:)``.
  let map: [Float]
  /// Scores of each head, of all ordinary positions, then of the high-resolution rows it saw; where
  /// they were asked for.
  let scores: [[Float]]?
  /// What the layer before chose.
  let previous: TokenSelection?
}

/// The image that a policy works on, and the model it works in.
struct PolicySite {
  let low: VisionFeatures
  let high: HighFeatures
  let selector: CellSelector
  /// Of the language model.
  let layerCount: Int
}

extension SelectionOptions {
  /// - Returns: nil for a policy that leaves the high view alone.
  func tokenPolicy(on site: PolicySite) -> (any TokenPolicy)? {
    let layout = site.high.layout
    let cellCount = layout.cellGrid * layout.cellGrid
    let all = TokenSelection(rows: RowRuns(0..<layout.rowOfToken.count))
    switch policy {
    case .flex:
      var selector = site.selector
      if let threshold { selector.threshold = threshold }
      return ThresholdCells(selector: selector, layout: layout)
    case .flexFixed:
      return BestCells(selector: site.selector, layout: layout, count: budget(of: cellCount))
    case .tidal:
      return TidalDecode(
        firstHighLayer: site.high.configuration.firstSelectionLayer + 1,
        layerCount: site.layerCount, all: all, keeping: budget(of: all.rows.count))
    case .hired:
      let hired = HiRED(budget: share, isCompatible: isCompatible)
      return FixedTokens(selection: TokenSelection(rows: hired.rows(of: site.high, site.low)))
    case .random:
      let grid = isCompatible ? RandomCells.publishedGrid : layout.cellGrid
      return RandomCells(seed: seed, probability: share, grid: grid, layout: layout)
    case .centre:
      let cells = CellMask(grid: layout.cellGrid, central: budget(of: cellCount))
      return FixedTokens(selection: TokenSelection(rows: layout.runs(cells)))
    case .all: return FixedTokens(selection: all)
    case .pruMerge, .pruMergePlus, .none: return nil
    }
  }
}

extension SelectionPolicy {
  /// The low view's tokens as the policy leaves them, not yet projected.
  ///
  /// - Returns: [count, vision width]; nil for a policy that leaves all of them.
  func prunedTokens(of low: VisionFeatures) -> Matrix? {
    guard isPruning else { return nil }
    return PruMerge(addsEvenlySpaced: self == .pruMergePlus)(
      low.patches, keys: low.last.patchKeys, attention: low.last.jointAttention)
  }
}

/// The same tokens for every question, layer and step.
struct FixedTokens: TokenPolicy {
  let selection: TokenSelection

  func tokens(after step: SelectionStep) -> TokenSelection { selection }
}
