/// Ends a text that comes in pieces before the first of some stop texts.
struct StopFilter {
  private let stops: [String]
  /// What came and may yet be the beginning of a stop text.
  private var held = ""
  private(set) var hasStopped = false

  init(_ stops: [String]) { self.stops = stops }

  /// - Returns: what can be said now.
  mutating func append(_ text: String) -> String {
    guard !stops.isEmpty, !hasStopped else { return hasStopped ? "" : text }
    held += text
    let starts = stops.compactMap { held.firstRange(of: $0)?.lowerBound }
    if let start = starts.min() {
      hasStopped = true
      return String(held[..<start])
    }
    let count = stops.map { overlap(with: $0) }.max() ?? 0
    let end = held.index(held.endIndex, offsetBy: -count)
    defer { held = String(held[end...]) }
    return String(held[..<end])
  }

  /// - Returns: the rest, where no more text comes.
  mutating func finish() -> String {
    defer { held = "" }
    return hasStopped ? "" : held
  }

  /// Characters at the end that a stop text begins with.
  private func overlap(with stop: String) -> Int {
    (1..<max(1, stop.count)).last { held.hasSuffix(stop.prefix($0)) } ?? 0
  }
}
