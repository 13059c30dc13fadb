import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What `eval` and `metric` print of a file of answers.
struct EvaluationSummary: Encodable {
  /// Two files of answers, question by question.
  struct Comparison: Encodable {
    let answers: String
    let result: PairedComparison
  }

  let answers: String
  let model: String?
  let policy: String?
  let score: BenchmarkScore
  let comparison: Comparison?
  private let report: (file: String, html: String)?

  private enum CodingKeys: CodingKey {
    case answers, model, policy, score, comparison
  }

  /// Scores a file, compares it with another and makes the report, as far as these are wanted.
  init(
    _ data: BenchmarkData, answers: String, model: String?, policy: String?,
    _ settings: EvaluationSettings, _ engine: EngineSettings = EngineSettings()
  ) throws {
    do {
      let scored = try Self.read(answers, data)
      self.answers = answers
      self.model = model ?? scored.first?.record.modelID
      self.policy = policy
      score = data.summary(scored)
      if let other = settings.comparison {
        guard let result = data.compare(scored, try Self.read(other, data)) else {
          throw CommandError(
            "'\(answers)' and '\(other)' have no scored question in common.", .dataError)
        }
        comparison = Comparison(answers: other, result: result)
      } else {
        comparison = nil
      }
      let title = Self.title(self.model, policy)
      report = settings.report.map { file in
        let html = EvaluationReport(data, scored).html(
          subtitle: title, options: engine.imageOptions,
          threads: engine.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        return (file, html)
      }
    } catch let error as EvaluationError {
      throw CommandError(error)
    }
  }

  private static func title(_ model: String?, _ policy: String?) -> String {
    [model, policy.map { "policy \($0)" }].compactMap(\.self).joined(separator: "; ")
  }

  private static func read(
    _ path: String, _ data: BenchmarkData
  ) throws(EvaluationError) -> [ScoredAnswer] {
    try data.score(AnswerRecord.read(contentsOfFile: path), file: path)
  }

  /// Prints the summary, then writes the report.
  func show(json: Bool, on output: TextOutput) throws(CommandError) {
    if json { try output.write(JSON.line(self)) } else { try print(on: output) }
    if let report { try TextFile.write(report.html, to: TextFile.output(report.file)) }
  }

  private func print(on output: TextOutput) throws(CommandError) {
    try output.write(heading)
    for (line, isHead) in table {
      try output.write(line, isHead ? .dim : .bold)
      try output.write("\n")
    }
    if let comparison { try output.write("\n" + Self.text(comparison) + "\n") }
  }

  private var heading: String {
    var lines = ["\(score.benchmark.rawValue), \(score.protocolText)"]
    lines.append(
      [
        Self.title(model, policy),
        "\(score.answered) of \(score.questions) questions answered"
          + (score.failed > 0 ? ", \(score.failed) failed" : ""),
      ].filter { !$0.isEmpty }.joined(separator: "; "))
    if let reason = score.firstFailure { lines.append("First failure: \(reason).") }
    if score.answered + score.failed == 0 {
      lines.append("There are no answers: nothing to score.")
    } else {
      lines.append(score.rows.isEmpty ? "The data set holds no truths: nothing to score." : "")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var table: [(line: String, isHead: Bool)] {
    if score.rows.isEmpty || score.answered + score.failed == 0 { return [] }
    let width = max(7, score.rows.map(\.name.printableInLine.count).max() ?? 0) + 2
    let head = [
      "".padded(to: width), score.metric.leftPadded(to: 10), "  95 % interval   ",
      "questions".leftPadded(to: 10),
    ].joined(separator: " ")
    return [(head, true)]
      + score.rows.map { row in
        let interval =
          "\((100 * row.interval.low).fixed(2)) to \((100 * row.interval.high).fixed(2))"
        let details = row.details.sorted { $0.key < $1.key }
          .map { "  \($0.key) \($0.value.fixed(3))" }.joined()
        return (
          [
            row.name.printableInLine.padded(to: width),
            (100 * row.mean).fixed(2).leftPadded(to: max(10, score.metric.count)),
            interval.leftPadded(to: 16) + "  ", "\(row.count)".leftPadded(to: 10),
          ].joined(separator: " ") + "  (\(row.interval.method))" + details, false
        )
      }
  }

  private static func text(_ comparison: Comparison) -> String {
    let result = comparison.result
    func points(_ value: Double) -> String {
      (value > 0 ? "+" : "") + (100 * value).fixed(2)
    }
    return """
      against '\(comparison.answers)' on \(result.count) questions: \(points(result.difference)) \
      (95 % interval \(points(result.interval.low)) to \(points(result.interval.high)), paired \
      bootstrap)
      \(result.wins) questions better, \(result.losses) worse, p = \(result.pValue.fixed(4)) \
      (exact sign test)
      """
  }
}

extension String {
  /// The text with spaces before it, up to a width.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
