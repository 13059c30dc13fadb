internal import Synchronization

/// An image that questions can be asked of; what they have in common is computed once.
///
/// Requests about one image wait for each other; requests about different images do not.
public final class EncodedImage: @unchecked Sendable {
  public let width: Int
  public let height: Int
  /// Guards what the session and the features change.
  private let lock = Mutex(())
  private let tower: VisionTower
  private let high: HighFeatures?
  private let session: DecodingSession
  /// Encoding time not yet counted in any answer.
  private var uncounted: Duration

  init(
    width: Int, height: Int, tower: VisionTower, features: ImageFeatures, session: DecodingSession
  ) {
    self.width = width
    self.height = height
    self.tower = tower
    self.session = session
    high = features.highResolution?.features
    uncounted = tower.encodingTime
  }

  /// Runs one request alone on the image and completes its statistics.
  func run<Result>(
    _ body: (DecodingSession, VisionTower) -> Result,
    statistics: WritableKeyPath<Result, GenerationStatistics>
  ) -> Result {
    lock.withLock { _ in
      var result = body(session, tower)
      result[keyPath: statistics].encodeTime += uncounted
      uncounted = .zero
      if let high {
        result[keyPath: statistics].encodedCrops = high.encodedCropCount
        result[keyPath: statistics].cropCount = high.cropCount
        result[keyPath: statistics].projectedCells = session.projectedCellCount
      }
      // Nothing that the lock guards is part of a result.
      nonisolated(unsafe) let finished = result
      return unsafe finished
    }
  }
}
