/// How sure a model is of an answer: the probabilities that it gave the answer's tokens, whatever the
/// temperature they were drawn with.
public struct Confidence: Sendable, Equatable {
  /// Geometric mean over all tokens, 0 to 1, rounded to six decimals.
  public let mean: Double
  /// Probability of the first token, 0 to 1, rounded to six decimals.
  public let first: Double

  /// - Parameter losses: negative log-likelihood of each token, in nats.
  /// - Returns: nil where there is no token, or where a damaged model's losses are no numbers.
  public init?(losses: [Float]) {
    guard let first = losses.first, !losses.contains(where: \.isNaN) else { return nil }
    mean = Self.probability(losses.reduce(0, +) / Float(losses.count))
    self.first = Self.probability(first)
  }

  /// Losses just below zero come of rounding.
  private static func probability(_ loss: Float) -> Double {
    (Double(exponential(-max(0, loss))) * 1e6).rounded() / 1e6
  }
}

extension Answer {
  /// How sure the model is; the end token counts as one of the answer's.
  public var confidence: Confidence? { Confidence(losses: steps.map(\.loss)) }
}
