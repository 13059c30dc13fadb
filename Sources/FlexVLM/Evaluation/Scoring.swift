/// The score of one answer.
public struct ScoredAnswer: Sendable, Equatable {
  /// Position of the question in the data set.
  public let index: Int
  /// From 0 to 1; nil where the data set holds no truth.
  public let score: Double?
  public let record: AnswerRecord
}

/// A benchmark's score, from answers of whatever origin.
public struct BenchmarkScore: Sendable, Equatable, Codable {
  /// The mean over all questions or over a group of them.
  public struct Row: Sendable, Equatable, Codable {
    /// "overall" or the group.
    public let name: String
    public let count: Int
    /// From 0 to 1.
    public let mean: Double
    public let interval: ConfidenceInterval
    /// Further numbers of the benchmark, from 0 to 1 (POPE's F1, RSVQA's average, ANLS).
    public var details: [String: Double] = [:]
  }

  public let benchmark: Benchmark
  public let metric: String
  /// How the questions were put.
  public let protocolText: String
  /// Empty where the data set holds no truths.
  public let rows: [Row]
  /// Questions of the data set, and those that have an answer.
  public let questions: Int
  public let answered: Int
  /// Answers that are missing because of an unreadable image or a prompt too long; they score 0.
  public let failed: Int
}

extension BenchmarkData {
  /// The score of one answer; nil where there is no truth.
  public func score(_ text: String, at index: Int) -> Double? {
    let sample = samples[index]
    guard let truth = sample.truths.first else { return nil }
    return switch benchmark {
    case .textvqa: AnswerMetric.softAccuracy(text, truths: sample.truths)
    case .vstar: text.utf8.elementsEqual(truth.utf8) ? 1 : 0
    case .magnifier: AnswerMetric.choice(text, question: sample.question) == truth ? 1 : 0
    case .rsvqa: AnswerMetric.caselessMatch(text, truth: truth)
    case .docvqa: AnswerMetric.documentANLS(text, truths: sample.truths)
    case .chartqa: AnswerMetric.relaxedAccuracy(text, truth: truth)
    case .pope: AnswerMetric.meansYes(text) == (truth != "no") ? 1 : 0
    case .jsonl: AnswerMetric.exactAccuracy(text, truths: sample.truths)
    }
  }

  /// Joins answers to their questions and scores each.
  ///
  /// - Parameter file: what errors call the answers.
  /// - Throws: ``EvaluationError`` for an answer without a question.
  public func score(
    _ records: [(line: Int, value: AnswerRecord)], file: String
  ) throws(EvaluationError) -> [ScoredAnswer] {
    var join = AnswerJoin(self)
    var scored: [ScoredAnswer] = []
    for (line, record) in records {
      do throws(AnswerJoin.JoinFailure) {
        let index = try join.index(of: record)
        scored.append(
          ScoredAnswer(index: index, score: score(record.text, at: index), record: record))
      } catch {
        throw .unknownQuestion(file: file, line: line, problem: error.problem)
      }
    }
    return scored
  }

  /// The benchmark's table: overall, then group by group in the order of their first question.
  public func summary(_ answers: [ScoredAnswer]) -> BenchmarkScore {
    var groups: [String] = []
    var members: [String: [ScoredAnswer]] = [:]
    for answer in answers where answer.score != nil {
      for group in samples[answer.index].groups {
        if members[group] == nil { groups.append(group) }
        members[group, default: []].append(answer)
      }
    }
    var rows = groups.compactMap { row($0, members[$0] ?? []) }
    if var overall = row("overall", answers) {
      if benchmark == .rsvqa, !rows.isEmpty {
        overall.details["average of types"] =
          rows.reduce(0) { $0 + $1.mean } / Double(rows.count)
      }
      rows.insert(overall, at: 0)
    }
    return BenchmarkScore(
      benchmark: benchmark, metric: benchmark.metric, protocolText: protocolText, rows: rows,
      questions: samples.count, answered: Set(answers.map(\.index)).count,
      failed: answers.count { $0.record.metadata?.error != nil })
  }

  private func row(_ name: String, _ answers: [ScoredAnswer]) -> BenchmarkScore.Row? {
    let scores = answers.compactMap(\.score)
    guard let interval = ConfidenceInterval(ofMean: scores) else { return nil }
    var row = BenchmarkScore.Row(
      name: name, count: scores.count, mean: scores.reduce(0, +) / Double(scores.count),
      interval: interval)
    if benchmark == .pope { row.details = yesNoDetails(answers) }
    if benchmark == .jsonl {
      let similarities = answers.filter { $0.score != nil }.map {
        AnswerMetric.sceneTextANLS($0.record.text, truths: samples[$0.index].truths)
      }
      row.details["ANLS"] = similarities.reduce(0, +) / Double(similarities.count)
    }
    return row
  }

  /// POPE's numbers; "yes" is the positive class.
  private func yesNoDetails(_ answers: [ScoredAnswer]) -> [String: Double] {
    var (hits, alarms, misses) = (0.0, 0.0, 0.0)
    for answer in answers {
      let isYes = samples[answer.index].truths.first != "no"
      switch (AnswerMetric.meansYes(answer.record.text), isYes) {
      case (true, true): hits += 1
      case (true, false): alarms += 1
      case (false, true): misses += 1
      case (false, false): break
      }
    }
    // The original divides by zero where nothing is positive.
    let precision = hits + alarms > 0 ? hits / (hits + alarms) : 0
    let recall = hits + misses > 0 ? hits / (hits + misses) : 0
    let f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    return [
      "F1": f1, "precision": precision, "recall": recall,
      "yes ratio": (hits + alarms) / Double(answers.count),
    ]
  }

  /// Compares two sets of answers on the questions that both answered.
  public func compare(_ first: [ScoredAnswer], _ second: [ScoredAnswer]) -> PairedComparison? {
    let others = Dictionary(
      second.compactMap { answer in answer.score.map { (answer.index, $0) } },
      uniquingKeysWith: { $1 })
    return PairedComparison(
      first.compactMap { answer in
        guard let score = answer.score, let other = others[answer.index] else { return nil }
        return (score, other)
      })
  }
}
