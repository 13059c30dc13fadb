/// What one layer chose at one step.
public struct LayerSelection: Sendable, Equatable {
  public let layer: Int
  /// The cells that the next layer sees, at least one token of each.
  public let cells: CellMask
  /// The last position's attention to the low-resolution patches, min-max scaled, row-major; all
  /// NaN where it was flat.
  public let map: [Float]
  /// High-resolution tokens that the next layer sees.
  public var tokenCount: Int { tokens.rows.count }
  let tokens: TokenSelection
}
