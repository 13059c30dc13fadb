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

  /// Scores a file, compares it with another and writes the report, as far as these are wanted.
  init(
    _ data: BenchmarkData, answers: String, model: String?, policy: String?,
    _ options: EvaluationOptions, _ engine: EngineSettings = EngineSettings()
  ) throws {
    do {
      let scored = try Self.read(answers, data)
      self.answers = answers
      self.model = model ?? scored.first?.record.modelID
      self.policy = policy
      score = data.summary(scored)
      if let other = options.comparison {
        guard let result = data.compare(scored, try Self.read(other, data)) else {
          throw CommandError(
            "'\(answers)' and '\(other)' have no scored question in common.", .dataError)
        }
        comparison = Comparison(answers: other, result: result)
      } else {
        comparison = nil
      }
      if let file = options.report {
        let report = EvaluationReport(data, scored)
        try TextFile.write(
          report.html(
            subtitle: Self.title(self.model, policy), options: engine.imageOptions,
            threads: engine.threads ?? ProcessInfo.processInfo.activeProcessorCount),
          to: file)
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

  func print(json: Bool, on output: TextOutput) throws(CommandError) {
    try output.write(json ? JSON.line(self) : text(output))
  }

  private func text(_ output: TextOutput) -> String {
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
    } else if score.rows.isEmpty {
      lines.append("The data set holds no truths: nothing to score.")
    } else {
      lines.append("")
      lines += table.map { output.styled($0.line, $0.isHead ? .dim : .bold) }
    }
    if let comparison { lines += ["", Self.text(comparison)] }
    return lines.joined(separator: "\n") + "\n"
  }

  private var table: [(line: String, isHead: Bool)] {
    let width = max(7, score.rows.map(\.name.count).max() ?? 0) + 2
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
            row.name.padded(to: width),
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
