/// A generated answer and how it came about.
public struct Answer: Sendable {
  public enum FinishReason: String, Sendable {
    /// The model ended its answer.
    case end
    /// The token limit or the context length was reached.
    case length
    /// The consumer asked to stop.
    case cancelled
  }

  /// Without white space at either end.
  public let text: String
  public let finishReason: FinishReason
  /// Token ids of the prompt; -200 stands for the image.
  public let promptTokens: [Int]
  /// Positions of the image in the prompt as the decoder sees it.
  public let imageRange: Range<Int>?
  /// One for each token, the end-of-sequence token included.
  public let steps: [GenerationStep]
  public internal(set) var statistics: GenerationStatistics
}

/// One generated token.
public struct GenerationStep: Sendable {
  public let token: Int
  /// The text that the token completed.
  public let text: String
  /// Negative log-likelihood of the token, in nats.
  public let loss: Float
  /// What logits exceed log-probabilities by: the logarithm of the sum of their exponentials.
  public let normalizer: Float
  /// The five tokens with the highest logits.
  public let top: [(id: Int, logit: Float)]
  /// What each selecting layer chose on the way to this token.
  public let selections: [LayerSelection]
}

/// Times and counts of one answer.
public struct GenerationStatistics: Sendable {
  /// Vision tower: the low-resolution view if it was not yet encoded, and crops on demand.
  public var encodeTime: Duration = .zero
  /// Prompt through the decoder, crops encoded meanwhile not counted.
  public var prefillTime: Duration = .zero
  public var decodeTime: Duration = .zero
  public var promptPositions = 0
  /// Prompt positions taken over from an earlier prompt about the image.
  public var reusedPositions = 0
  /// Crops of the high-resolution view encoded so far, and all of them; 0 for a plain model.
  public var encodedCrops = 0
  public var cropCount = 0
  /// (Layer, token) pairs whose high-resolution keys and values have been computed so far.
  public var projectedTokens = 0
  /// FLOPs of the matrix products counted as they ran: in the vision tower, which the low view's
  /// belong to if it was not yet encoded, and in the decoder. 0 without an image.
  public var encoderFLOPs = 0
  public var decoderFLOPs = 0
}
