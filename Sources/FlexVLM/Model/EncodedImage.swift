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
  private let features: ImageFeatures
  private let session: DecodingSession
  /// Encoding time not yet counted in any answer.
  private var uncounted: Duration
  /// Multiply-adds of the tower that an answer has counted.
  private var countedMultiplyAdds = 0
  /// Positions of the longest prompt so far: the memory for as many is there already.
  private var longestPrompt = 0
  /// Where it is kept on disk.
  private let place: KeptImage?
  /// How much of it is there; nil where nothing is.
  private var kept: DecodingSession.Extent?

  init(
    width: Int, height: Int, tower: VisionTower, features: ImageFeatures, session: DecodingSession,
    place: KeptImage?, isKept: Bool
  ) {
    self.width = width
    self.height = height
    self.tower = tower
    self.session = session
    self.features = features
    uncounted = tower.encodingTime
    self.place = place
    kept = isKept ? session.extent : nil
  }

  /// Writes to the cache that the image was encoded with, where that has less of it than is known by
  /// now; without a cache, does nothing.
  ///
  /// - Throws: ``CacheError``
  public func store() throws(CacheError) {
    guard let place else { return }
    try lock.withLock { _ throws(CacheError) in
      if kept == session.extent { return }
      var record = CacheRecord()
      session.save(to: &record)
      try place.write(record)
      kept = session.extent
    }
  }

  /// Low-resolution tokens that a policy leaves.
  func tokenCount(_ policy: SelectionPolicy) -> Int {
    lock.withLock { _ in features.tokens(policy).rows }
  }

  /// From now on tells of every linear layer that the decoder runs for this image.
  func observe(_ observer: @escaping (Matrix, WeightMatrix) -> Void) {
    lock.withLock { _ in session.observe(observer) }
  }

  /// Runs one request alone on the image and completes its statistics.
  ///
  /// - Parameters:
  ///   - positions: of its prompt.
  ///   - demand: memory that a prompt of so many positions needs.
  func run<Result>(
    _ body: (DecodingSession, VisionTower) throws(InferenceError) -> Result, positions: Int,
    demand: MemoryDemand, statistics: WritableKeyPath<Result, GenerationStatistics>
  ) throws(InferenceError) -> Result {
    try lock.withLock { (_) throws(InferenceError) in
      if positions > longestPrompt { try demand.require() }
      longestPrompt = max(longestPrompt, positions)
      let before = session.multiplyAdds
      var result = try body(session, tower)
      result[keyPath: statistics].decoderFLOPs = 2 * (session.multiplyAdds - before)
      result[keyPath: statistics].encoderFLOPs = 2 * (tower.multiplyAdds - countedMultiplyAdds)
      countedMultiplyAdds = tower.multiplyAdds
      result[keyPath: statistics].encodeTime += uncounted
      uncounted = .zero
      if let high = features.highResolution?.features {
        result[keyPath: statistics].encodedCrops = high.encodedCropCount
        result[keyPath: statistics].cropCount = high.cropCount
        result[keyPath: statistics].projectedTokens = session.projectedTokenCount
      }
      // Nothing that the lock guards is part of a result.
      nonisolated(unsafe) let finished = result
      return unsafe finished
    }
  }
}
