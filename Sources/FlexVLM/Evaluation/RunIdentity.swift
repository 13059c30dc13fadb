#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

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
  ///   - options: how they are put.
  /// - Throws: ``EvaluationError``
  package init(
    program: String, model: VisionLanguageModel, data: BenchmarkData, options: EvaluationOptions
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
    policy = options.selection.policy.rawValue
    threshold = options.selection.threshold
    budget = options.selection.budget
    isCompatible = options.selection.isCompatible
    seed = options.selection.seed
    alpha = options.image.alpha.rawValue
    appliesEXIFOrientation = options.image.appliesEXIFOrientation
    maximumTokens = options.maximumTokens
    offset = options.offset
    limit = options.limit
    questions = options.range(of: data).count
    shard = options.shard
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
    var whole = self
    (whole.offset, whole.limit, whole.questions) = (0, nil, 0)
    (whole.shard, whole.questionsPerImage) = (.whole, nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Numbers and texts can always be written; a budget is no NaN.
    return Fingerprint.sha256(Array((try? encoder.encode(whole)) ?? Data()))
  }
}
