/// How a benchmark is run.
package struct EvaluationSettings: Sendable {
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

/// What an answers file was made with, kept beside it as `<answers>.run.json`.
///
/// A run is resumed, and shards are merged, only where all of it agrees.
package struct RunIdentity: Sendable, Equatable, Codable {
  package var program: String
  package var model: String
  package var modelFingerprint: String
  package var benchmark: Benchmark
  package var protocolText: String
  /// Nil in files from before it was recorded.
  package var promptTemplate: String?
  /// What products are computed in, which the machine has a say in; nil in files from before it was
  /// recorded.
  package var arithmetic: String?
  package var dataFingerprint: String
  package var policy: String
  package var threshold: Int?
  package var budget: Double?
  package var isCompatible: Bool
  package var seed: UInt64
  package var alpha: String
  package var appliesEXIFOrientation: Bool
  package var maximumTokens: Int
  package var offset: Int
  package var limit: Int?
  /// Questions of the whole evaluation, all shards together.
  package var questions: Int
  package var shard: Shard
  /// Nil where the number differs from image to image.
  package var questionsPerImage: Int?

  /// - Parameters:
  ///   - program: name and version of the program that runs it.
  ///   - model: what is asked.
  ///   - data: the questions.
  ///   - settings: how they are put.
  /// - Throws: ``EvaluationError``
  package init(
    program: String, model: VisionLanguageModel, data: BenchmarkData, settings: EvaluationSettings
  ) throws(EvaluationError) {
    self.program = program
    guard let modelFingerprint = model.fingerprint else {
      throw .unreadable(path: model.path, reason: "it was cut short; copy it again")
    }
    self.model = model.configuration.name
    self.modelFingerprint = modelFingerprint
    benchmark = data.benchmark
    protocolText = data.protocolText
    promptTemplate = model.configuration.promptTemplate
    arithmetic = model.precision.arithmetic
    dataFingerprint = data.fingerprint
    policy = settings.selection.policy.rawValue
    threshold = settings.selection.threshold
    budget = settings.selection.budget
    isCompatible = settings.selection.isCompatible
    seed = settings.selection.seed
    alpha = settings.image.alpha.rawValue
    appliesEXIFOrientation = settings.image.appliesEXIFOrientation
    maximumTokens = settings.maximumTokens
    offset = settings.offset
    limit = settings.limit
    questions = settings.range(of: data).count
    shard = settings.shard
  }

  /// What a reader is told to have changed, such as "model: a -> b"; empty where all agrees.
  package func differences(from other: RunIdentity) -> [String] {
    zip(description, other.description).compactMap { mine, others in
      mine.value == others.value ? nil : "\(mine.name): \(others.value) -> \(mine.value)"
    }
  }

  private var description: [(name: String, value: String)] {
    [
      ("program", program), ("model", "\(model) (\(modelFingerprint.prefix(12)))"),
      ("benchmark", benchmark.rawValue), ("protocol", protocolText),
      ("prompt template", promptTemplate?.debugDescription ?? "not recorded"),
      ("arithmetic", arithmetic ?? "not recorded"),
      ("data set", "\(dataFingerprint.prefix(12))"), ("policy", policy),
      ("threshold", threshold.map(String.init) ?? "the model's"),
      ("budget", budget.map { "\($0)" } ?? "the policy's"), ("compat", "\(isCompatible)"),
      ("seed", "\(seed)"), ("alpha", alpha),
      ("EXIF orientation", appliesEXIFOrientation ? "applied" : "ignored"),
      ("token limit", "\(maximumTokens)"), ("offset", "\(offset)"),
      ("limit", limit.map(String.init) ?? "none"), ("shard", "\(shard)"),
      ("questions per image", questionsPerImage.map(String.init) ?? "differ"),
    ]
  }

  /// A digest of what the answers depend on; equal for all shards of one evaluation.
  var fingerprint: String {
    let rest = ["offset", "limit", "shard", "questions per image"]
    return Fingerprint.sha256(
      Array(
        description.filter { !rest.contains($0.name) }
          .map { "\($0.name)\u{0}\($0.value)\u{0}" }.joined().utf8))
  }
}
