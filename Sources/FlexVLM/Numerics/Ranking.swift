extension [Float] {
  /// Indices from the highest value to the lowest, the lower index first among equals.
  var descendingIndices: [Int] {
    indices.sorted { self[$0] > self[$1] || (self[$0] == self[$1] && $0 < $1) }
  }

  /// The value below which a share of the values lies, linear between neighbours (numpy's default).
  func percentile(_ share: Double) -> Float {
    let sorted = self.sorted()
    let place = share * Double(count - 1)
    let lower = Int(place)
    let upper = Swift.min(lower + 1, count - 1)
    return sorted[lower] + (sorted[upper] - sorted[lower]) * Float(place - Double(lower))
  }
}
