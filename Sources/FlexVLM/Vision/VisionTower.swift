/// Encoder and projector with the scratch memory of one worker: crops of pixels to image tokens.
final class VisionTower {
  private let encoder: VisionEncoder
  private let projector: Projector
  private let workspace: Workspace
  /// Width of the language model.
  let outputWidth: Int
  /// Time spent in the tower so far.
  private(set) var encodingTime: Duration = .zero

  /// Multiply-adds of the matrix products run so far.
  var multiplyAdds: Int { workspace.multiplyAdds }

  init(_ encoder: VisionEncoder, _ projector: Projector, _ workspace: Workspace) {
    self.encoder = encoder
    self.projector = projector
    self.workspace = workspace
    outputWidth = projector.second.weight.rows
  }

  /// - Returns: the features of crops, and their tokens, [crops * grid * grid, language width].
  func encode(_ crops: [PixelPlanes]) -> (features: VisionFeatures, tokens: Matrix) {
    timed {
      let features = encoder(crops, workspace)
      return (features, projector(features.patches, workspace))
    }
  }

  /// - Parameter features: [n, vision width]
  /// - Returns: [n, language width]
  func project(_ features: Matrix) -> Matrix { timed { projector(features, workspace) } }

  private func timed<Result>(_ body: () -> Result) -> Result {
    let start = ContinuousClock.now
    defer { encodingTime += ContinuousClock.now - start }
    return body()
  }
}

extension VisionEncoder {
  /// Floats of each slot for tower and projector on so many crops.
  func scratch(
    crops: Int, _ projector: Projector, _ workspace: Workspace
  ) -> [Workspace.Slot: Int] {
    let patches = configuration.nativeGrid * configuration.nativeGrid
    let (tokens, width) = (crops * (1 + patches), configuration.width)
    let pixels = patchEmbedding.columns
    let inner = max(configuration.feedForwardWidth, projector.second.weight.columns)
    return [
      .patches: crops * patches * pixels, .hidden: tokens * width, .normalized: tokens * width,
      .query: tokens * width, .key: tokens * width, .value: tokens * width,
      .attended: tokens * width, .up: tokens * inner,
    ].merging(
      workspace.productScratch(rows: tokens, largest: max(pixels, width, inner)),
      uniquingKeysWith: max
    ).merging(
      workspace.denseAttentionScratch(
        tokens: 1 + patches, width: width / configuration.headCount), uniquingKeysWith: max)
  }
}
