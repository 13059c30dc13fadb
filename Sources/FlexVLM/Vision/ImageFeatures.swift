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

  init(
    low: PixelPlanes, highResolution: (features: HighFeatures, selector: CellSelector)?,
    tower: VisionTower
  ) {
    (lowFeatures, self.low) = tower.encode([low])
    self.highResolution = highResolution
    self.tower = tower
  }

  /// The tokens that stand in the prompt at the image's place, [count, language width].
  func tokens(_ policy: SelectionPolicy) -> Matrix {
    if !policy.isPruning { return low }
    if let tokens = pruned[policy] { return tokens }
    let merge = PruMerge(addsEvenlySpaced: policy == .pruMergePlus)
    let record = lowFeatures.last
    let tokens = tower.project(
      merge(
        lowFeatures.patches, keys: record.patchKeys, attention: record.jointAttention))
    pruned[policy] = tokens
    return tokens
  }
}
