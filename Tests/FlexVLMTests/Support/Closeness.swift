import Testing

/// Checks that two rows of numbers agree, and reports the largest difference where they do not.
func expectClose(
  _ actual: [Float], _ expected: [Float], within tolerance: Float, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) numbers, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  var worst: (index: Int, difference: Float) = (0, 0)
  for index in actual.indices {
    let difference = abs(actual[index] - expected[index])
    if !(difference <= worst.difference) { worst = (index, difference) }
  }
  #expect(
    worst.difference <= tolerance,
    "\(what): differs by \(worst.difference) at \(worst.index) of \(actual.count)",
    sourceLocation: sourceLocation)
}
