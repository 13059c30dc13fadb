internal import Glibc

/// The range that holds a mean with 95 % confidence.
package struct ConfidenceInterval: Sendable, Equatable, Codable {
  package let low: Double
  package let high: Double
  /// How it was found: "Wilson" or "bootstrap".
  package let method: String

  /// The interval of a mean of scores from 0 to 1; nil without scores.
  ///
  /// Scores that are all 0 or 1 are a proportion and get the Wilson score interval (Wilson, JASA
  /// 1927). Graded scores get the percentile bootstrap: 2,000 resamples of the questions, with
  /// random numbers that always start the same.
  package init?(ofMean scores: [Double]) {
    guard !scores.isEmpty else { return nil }
    if scores.allSatisfy({ $0 == 0 || $0 == 1 }) {
      self = .wilson(successes: scores.count { $0 == 1 }, of: scores.count)
    } else {
      self = .bootstrap(scores)
    }
  }

  init(low: Double, high: Double, method: String) {
    (self.low, self.high, self.method) = (low, high, method)
  }

  static func wilson(successes: Int, of total: Int) -> ConfidenceInterval {
    let (n, p, z) = (Double(total), Double(successes) / Double(total), 1.959963984540054)
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let margin = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(
      low: max(0, center - margin), high: min(1, center + margin), method: "Wilson")
  }

  /// Resamples until 2,000 means are there and takes the 2.5 % and 97.5 % quantiles.
  static func bootstrap(_ values: [Double]) -> ConfidenceInterval {
    var random = SplitMix64(seed: 0)
    let means = (0..<2000).map { _ in
      var sum = 0.0
      for _ in values.indices { sum += values[random.below(values.count)] }
      return sum / Double(values.count)
    }.sorted()
    return ConfidenceInterval(low: means[49], high: means[1950], method: "bootstrap")
  }
}

/// Two sets of answers to the same questions.
package struct PairedComparison: Sendable, Equatable, Codable {
  /// Questions that both answered.
  package let count: Int
  /// Mean score of the first minus that of the second.
  package let difference: Double
  /// Of the difference: bootstrap over the questions, pairs kept together.
  package let interval: ConfidenceInterval
  /// Questions where the first scored higher, and where the second did.
  package let wins: Int
  package let losses: Int
  /// Two-sided exact sign test on wins against losses: McNemar's exact test where scores are 0 or 1.
  package let pValue: Double

  /// - Returns: nil without questions.
  package init?(_ pairs: [(first: Double, second: Double)]) {
    guard !pairs.isEmpty else { return nil }
    let differences = pairs.map { $0.first - $0.second }
    count = pairs.count
    difference = differences.reduce(0, +) / Double(count)
    interval = .bootstrap(differences)
    wins = differences.count { $0 > 0 }
    losses = differences.count { $0 < 0 }
    pValue = Self.signTest(wins, losses)
  }

  /// The probability that fair coins split as unevenly as this or more so.
  static func signTest(_ wins: Int, _ losses: Int) -> Double {
    let total = wins + losses
    // Terms of the binomial distribution by their logarithms, for n! overflows.
    let tail = (0...min(wins, losses)).reduce(0.0) { sum, k in
      sum
        + exp(
          logFactorial(total) - logFactorial(k) - logFactorial(total - k)
            - Double(total) * log(2))
    }
    return min(1, 2 * tail)
  }

  private static func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }
}
