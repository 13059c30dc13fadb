/// Rows of a matrix as runs of neighbours, ascending.
struct RowRuns: Sendable, Equatable {
  private(set) var ranges: [Range<Int>] = []

  init() {}

  init(_ range: Range<Int>) { append(range) }

  /// - Parameter rows: ascending.
  init(_ rows: some Sequence<Int>) { for row in rows { append(row..<row + 1) } }

  /// Adds rows that follow those before; touching runs join.
  mutating func append(_ range: Range<Int>) {
    if range.isEmpty { return }
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  var indices: some Sequence<Int> { ranges.lazy.joined() }
}

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
