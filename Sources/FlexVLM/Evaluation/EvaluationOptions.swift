/// How a benchmark is run.
package struct EvaluationOptions: Sendable {
  /// LLaVA's limit for benchmarks of short answers.
  package var maximumTokens = 128
  package var selection = SelectionOptions()
  package var image = ImageReadingOptions()
  package var benchmark = BenchmarkOptions()
  /// Questions left out at the start of the data set.
  package var offset = 0
  /// Questions at most after those; all when nil.
  package var limit: Int?
  package var shard = Shard.whole
  /// Whether the first missing answer ends the run.
  package var isStrict = false

  package init() {}

  /// The questions of all shards, as positions in the data set.
  func range(of data: BenchmarkData) -> Range<Int> {
    let start = min(offset, data.samples.count)
    return start..<min(start + (limit ?? data.samples.count), data.samples.count)
  }
}

/// One of several parts into which an evaluation is divided.
package struct Shard: Sendable, Equatable, Codable, CustomStringConvertible {
  /// From 1.
  package let number: Int
  package let count: Int

  package static let whole = Shard(number: 1, count: 1)!
  static let countLimit = 1_000_000

  /// - Returns: nil unless 1 <= number <= count <= 1,000,000.
  package init?(number: Int, count: Int) {
    guard 1 <= number, number <= count, count <= Self.countLimit else { return nil }
    self.number = number
    self.count = count
  }

  private enum CodingKeys: String, CodingKey { case number, count }

  package init(from decoder: any Swift.Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let number = try fields.decode(Int.self, forKey: .number)
    let count = try fields.decode(Int.self, forKey: .count)
    guard let shard = Shard(number: number, count: count) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\(number) of \(count) is no shard of \(Self.countLimit) at most"))
    }
    self = shard
  }

  package var description: String { "\(number)/\(count)" }
}
