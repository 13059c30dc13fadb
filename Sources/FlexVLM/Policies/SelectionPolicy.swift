/// Which image tokens the last position may see: FlexAttention as published, its ablations, and the
/// selections of related systems, all in one engine.
public enum SelectionPolicy: String, Sendable, CaseIterable {
  /// Cells above a threshold of the attention of the layer before (FlexAttention, ECCV 2024).
  case flex
  /// The same map, but always the same number of cells.
  case flexFixed = "flex-fixed"
  /// Tokens that two layers with full sight found best, reused in between (TidalDecode, ICLR 2025).
  case tidal
  /// Tokens that the vision tower's class token attends to, a budget for each crop, whatever the
  /// question (HiRED, AAAI 2025).
  case hired
  /// Low-resolution tokens alone, all but the outliers of the class token's attention merged
  /// (LLaVA-PruMerge, ICCV 2025).
  case pruMerge = "prumerge"
  /// The same with evenly spaced tokens added.
  case pruMergePlus = "prumerge+"
  /// Cells drawn anew for each layer and token (FlexAttention's ablation).
  case random
  /// The cells in the middle of the image (FlexAttention's ablation).
  case centre
  /// No high-resolution token: the low-resolution view alone, as plain LLaVA.
  case none
  /// Every high-resolution token.
  case all

  /// The share that is selected where none is given; nil for policies without a budget.
  ///
  /// HiRED's is its paper's; the others' is that of FlexAttention's ablation.
  public var defaultBudget: Double? {
    switch self {
    case .hired: 0.2
    case .flexFixed, .tidal, .random, .centre: 0.1
    case .flex, .pruMerge, .pruMergePlus, .none, .all: nil
    }
  }

  /// Whether the published code selects otherwise than the publication describes.
  public var hasCompatibleVariant: Bool { self == .hired || self == .random }

  /// Whether the policy changes the low-resolution tokens and leaves the high view alone.
  var isPruning: Bool { self == .pruMerge || self == .pruMergePlus }
}

/// A policy and its settings.
public struct SelectionOptions: Sendable, Equatable {
  public var policy: SelectionPolicy
  /// Replaces the model's own threshold of ``SelectionPolicy/flex``, 0...255.
  public var threshold: Int?
  /// Replaces ``SelectionPolicy/defaultBudget``, 0...1: of the cells (flex-fixed, centre), of the
  /// tokens of both views (hired), the number of high-resolution tokens that a head keeps (tidal),
  /// the probability of a cell (random).
  public var budget: Double?
  /// Selects as the published code does where that differs from the publication.
  public var isCompatible: Bool
  /// Start of the draws of ``SelectionPolicy/random``.
  public var seed: UInt64

  public init(
    policy: SelectionPolicy = .flex, threshold: Int? = nil, budget: Double? = nil,
    isCompatible: Bool = false, seed: UInt64 = 0
  ) {
    self.policy = policy
    self.threshold = threshold
    self.budget = budget
    self.isCompatible = isCompatible
    self.seed = seed
  }

  /// - Throws: ``InferenceError/invalidSetting(name:value:range:)``
  func check() throws(InferenceError) {
    if let threshold { try InferenceError.require(threshold, in: 0...255, "threshold") }
    if let budget { try InferenceError.require(budget, in: 0...1, "budget") }
  }

  /// The share in force.
  var share: Double { budget ?? policy.defaultBudget ?? 1 }

  /// The share of `count` things: the nearest whole number, at least one.
  func budget(of count: Int) -> Int {
    min(count, max(1, Int((share * Double(count)).rounded())))
  }
}
