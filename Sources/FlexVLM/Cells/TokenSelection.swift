/// What the last position sees in one layer.
struct TokenSelection: Sendable, Equatable {
  /// One head's share of it, where heads differ.
  struct Head: Sendable, Equatable {
    /// Ordinary positions.
    let positions: RowRuns
    /// Rows of high-resolution tokens.
    let rows: RowRuns
  }

  /// Rows of the high-resolution tokens that any head sees.
  let rows: RowRuns
  /// Nil where every head sees all `rows` and every ordinary position.
  var heads: [Head]?
}
