/// Encoder and projector with the scratch memory of one worker: crops of pixels to image tokens.
final class VisionTower {
  private let encoder: VisionEncoder
  private let projector: Projector
  private let workspace: Workspace
  /// Width of the language model.
  let outputWidth: Int
  /// Seconds spent in ``encode(_:)`` so far.
  private(set) var encodingTime: Duration = .zero

  init(_ encoder: VisionEncoder, _ projector: Projector, threads: Int) {
    self.encoder = encoder
    self.projector = projector
    workspace = Workspace(threads: threads)
    outputWidth = projector.second.weight.rows
  }

  /// - Returns: [crops * grid * grid, language width], patches in row-major order.
  func encode(_ crops: [PixelPlanes]) -> Matrix {
    var features: Matrix?
    encodingTime += ContinuousClock().measure {
      features = projector(encoder(crops, workspace), workspace)
    }
    return features!
  }
}
