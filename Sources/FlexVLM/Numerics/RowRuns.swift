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

  /// - Parameter bounds: lower and upper of each run, ascending and below the limit; else the result
  ///   is nil.
  init?(bounds: [Int], limit: Int) {
    guard bounds.count.isMultiple(of: 2) else { return nil }
    for index in stride(from: 0, to: bounds.count, by: 2) {
      let (lower, upper) = (bounds[index], bounds[index + 1])
      guard ranges.last?.upperBound ?? 0 <= lower, lower < upper, upper <= limit else {
        return nil
      }
      append(lower..<upper)
    }
  }

  /// What `init(bounds:limit:)` takes.
  var bounds: [Int] { ranges.flatMap { [$0.lowerBound, $0.upperBound] } }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  var indices: some Sequence<Int> { ranges.lazy.joined() }
}

extension Matrix {
  /// Copies rows that follow each other to the given ones.
  func copy(from source: Matrix, toRows runs: RowRuns) {
    precondition(source.rows == runs.count)
    var offset = 0
    for run in runs.ranges {
      rows(run).copy(from: source.rows(offset..<offset + run.count))
      offset += run.count
    }
  }
}
