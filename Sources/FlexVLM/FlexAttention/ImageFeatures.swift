/// One image as the decoder sees it.
final class ImageFeatures {
  /// Tokens of the low-resolution view, [lowGrid * lowGrid, language width].
  let low: Matrix
  /// The low-resolution view as the tower sees it.
  let lowFeatures: VisionFeatures
  /// The high-resolution view and the selector of its cells; nil for a plain model.
  let highResolution: (features: HighFeatures, selector: CellSelector)?
  private let tower: VisionTower
  /// Low-resolution tokens as pruning policies leave them.
  private var pruned: [SelectionPolicy: Matrix] = [:]

  convenience init(
    low: PixelPlanes, highResolution: (features: HighFeatures, selector: CellSelector)?,
    tower: VisionTower
  ) {
    let (features, tokens) = tower.encode([low])
    self.init(tokens, features, highResolution: highResolution, tower: tower)
  }

  private init(
    _ low: Matrix, _ lowFeatures: VisionFeatures,
    highResolution: (features: HighFeatures, selector: CellSelector)?, tower: VisionTower
  ) {
    self.low = low
    self.lowFeatures = lowFeatures
    self.highResolution = highResolution
    self.tower = tower
  }

  /// The tokens that stand in the prompt at the image's place, [count, language width].
  func tokens(_ policy: SelectionPolicy) -> Matrix {
    if let tokens = pruned[policy] { return tokens }
    guard let features = policy.prunedTokens(of: lowFeatures) else { return low }
    let tokens = tower.project(features)
    pruned[policy] = tokens
    return tokens
  }
}

// MARK: - Keeping

extension ImageFeatures {
  func save(to record: inout CacheRecord) {
    record.add("low.tokens", low)
    record.add("low.patches", lowFeatures.patches)
    lowFeatures.first.save("low.first", to: &record)
    lowFeatures.last.save("low.last", to: &record)
    highResolution?.features.save(to: &record)
  }

  /// - Returns: nil where the record lacks the low view.
  convenience init?(
    _ record: CacheRecord, highResolution: (features: HighFeatures, selector: CellSelector)?,
    _ vision: VisionConfiguration, tower: VisionTower
  ) {
    let count = vision.lowGrid * vision.lowGrid
    guard let low = record.matrix("low.tokens", rows: count, columns: tower.outputWidth),
      let patches = record.matrix("low.patches", rows: count, columns: vision.width),
      let first = ClassTokenRecord("low.first", in: record, patches: count, vision),
      let last = ClassTokenRecord("low.last", in: record, patches: count, vision)
    else { return nil }
    self.init(
      low, VisionFeatures(patches: patches, first: first, last: last),
      highResolution: highResolution, tower: tower)
    highResolution?.features.restore(record)
  }
}
