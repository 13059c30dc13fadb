/// How the next token is chosen.
public struct SamplingOptions: Sendable, Equatable {
  /// 0 takes the most probable token always; higher values even the probabilities out.
  public var temperature: Float
  /// Only the most probable tokens that together reach this share are drawn from.
  public var topP: Float
  /// Draws are repeated by repeating the seed.
  public var seed: UInt64

  public init(temperature: Float = 0, topP: Float = 1, seed: UInt64 = 0) {
    self.temperature = temperature
    self.topP = topP
    self.seed = seed
  }
}

/// Draws tokens from logits, reproducibly.
struct Sampler {
  private let options: SamplingOptions
  private var generator: SplitMix64

  init(_ options: SamplingOptions) {
    self.options = options
    generator = SplitMix64(seed: options.seed)
  }

  mutating func next(_ logits: [Float]) -> Int {
    if options.temperature <= 0 { return Self.top(1, of: logits)[0].id }
    let ranked = logits.indices.sorted {
      logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1)
    }
    let best = logits[ranked[0]]
    let weights = ranked.map { exponential((logits[$0] - best) / options.temperature) }
    let limit = options.topP * weights.reduce(0, +)
    var mass: Float = 0
    let kept = weights.prefix { weight in
      defer { mass += weight }
      return mass == 0 || mass < limit
    }
    var draw = generator.unit() * kept.reduce(0, +)
    for (index, weight) in kept.enumerated() {
      draw -= weight
      if draw < 0 { return ranked[index] }
    }
    return ranked[kept.count - 1]
  }

  /// The tokens with the highest logits, the lower id first among equals.
  static func top(_ count: Int, of logits: [Float]) -> [(id: Int, logit: Float)] {
    var best: [(id: Int, logit: Float)] = []
    for (id, logit) in logits.enumerated() {
      if best.count == count, logit <= best[count - 1].logit { continue }
      let place = best.firstIndex { logit > $0.logit } ?? best.count
      best.insert((id, logit), at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}
