import Testing

@testable import FlexVLM

@Suite struct ScoreStatisticsTests {
  @Test(
    "Numbers are rounded as Python's %.2f rounds them",
    arguments: [
      (58.2, "58.20"), (0.125, "0.12"), (0.375, "0.38"), (2.675, "2.67"), (1.005, "1.00"),
      (60.11250000000008, "60.11"), (0, "0.00"), (100, "100.00"), (-0.001, "-0.00"),
      (99.995, "100.00"),
    ] as [(Double, String)])
  func fixed(value: Double, expected: String) {
    #expect(value.fixed(2) == expected)
  }

  @Test("Wilson intervals equal tabulated ones")
  func wilson() throws {
    // statsmodels.stats.proportion.proportion_confint(k, n, method="wilson")
    for (k, n, low, high) in [
      (0, 10, 0.0, 0.2775327998628892), (5, 10, 0.236593090512564, 0.763406909487436),
      (10, 10, 0.7224672001371106, 1.0),
    ] {
      let scores = Array(repeating: 1.0, count: k) + Array(repeating: 0.0, count: n - k)
      let interval = try #require(ConfidenceInterval(ofMean: scores))
      #expect(interval.method == "Wilson")
      #expect(abs(interval.low - low) < 1e-12)
      #expect(abs(interval.high - high) < 1e-12)
    }
    #expect(ConfidenceInterval(ofMean: []) == nil)
  }

  @Test("The bootstrap holds the mean, narrows with more questions and repeats itself")
  func bootstrap() throws {
    let scores = (0..<400).map { [0, 0.3, 0.6, 1.0][$0 % 4] }
    let wide = try #require(ConfidenceInterval(ofMean: Array(scores[..<100])))
    let narrow = try #require(ConfidenceInterval(ofMean: scores))
    #expect(wide.method == "bootstrap")
    #expect(wide.low < 0.475 && 0.475 < wide.high)
    // The standard error halves with four times the questions; 0.37 / sqrt(400) * 1.96 = 0.036.
    #expect(abs((narrow.high - narrow.low) / 2 - 0.0365) < 0.004)
    #expect((wide.high - wide.low) / (narrow.high - narrow.low) > 1.7)
    #expect(ConfidenceInterval(ofMean: scores) == narrow)
  }

  @Test(
    "The sign test is the binomial one",
    arguments: [
      (0, 0, 1), (5, 5, 1), (0, 5, 0.0625), (1, 9, 0.021484375), (9, 1, 0.021484375),
      (60, 40, 0.05688793364098),
    ] as [(Int, Int, Double)])
  func signTest(wins: Int, losses: Int, expected: Double) {
    #expect(abs(PairedComparison.signTest(wins, losses) - expected) < 1e-9)
  }

  @Test("A paired comparison counts wins and bounds the difference")
  func paired() throws {
    let pairs = (0..<100).map { (first: $0 % 5 == 0 ? 0.0 : 1.0, second: $0 % 2 == 0 ? 0.0 : 1.0) }
    let comparison = try #require(PairedComparison(pairs))
    #expect(comparison.count == 100)
    #expect(abs(comparison.difference - 0.3) < 1e-12)
    #expect((comparison.wins, comparison.losses) == (40, 10))
    #expect(comparison.interval.low > 0.1 && comparison.interval.high < 0.5)
    #expect(comparison.pValue < 1e-4)
    #expect(PairedComparison([]) == nil)
  }
}
