/// Divides elapsed time between the vision tower and everything else.
struct StageClock {
  private let tower: VisionTower?
  private var start = ContinuousClock.now
  private var encoded: Duration

  init(tower: VisionTower?) {
    self.tower = tower
    encoded = tower?.encodingTime ?? .zero
  }

  /// The time since the last lap without what the tower took, which is added to `encoding`.
  mutating func lap(_ encoding: inout Duration) -> Duration {
    let now = ContinuousClock.now
    let total = tower?.encodingTime ?? .zero
    defer { (start, encoded) = (now, total) }
    encoding += total - encoded
    return now - start - (total - encoded)
  }
}
