/// The score of one answer.
package struct ScoredAnswer: Sendable, Equatable {
  /// Position of the question in the data set.
  package let index: Int
  /// From 0 to 1; nil where the data set holds no truth.
  package let score: Double?
  package let record: AnswerRecord
}

/// A benchmark's score, from answers of whatever origin.
package struct BenchmarkScore: Sendable, Equatable, Codable {
  /// The mean over all questions or over a group of them.
  package struct Row: Sendable, Equatable, Codable {
    /// "overall" or the group.
    package let name: String
    package let count: Int
    /// From 0 to 1.
    package let mean: Double
    package let interval: ConfidenceInterval
    /// Further numbers of the benchmark, from 0 to 1 (POPE's F1, RSVQA's average, ANLS).
    package var details: [String: Double] = [:]
  }

  package let benchmark: Benchmark
  package let metric: String
  /// How the questions were put.
  package let protocolText: String
  /// Empty where the data set holds no truths.
  package let rows: [Row]
  /// Questions of the data set, and those that have an answer.
  package let questions: Int
  package let answered: Int
  /// Questions that were asked and have no answer, because of an image that could not be read or a
  /// prompt that is too long; they score 0.
  package let failed: Int
  /// Why the first of these has none.
  package let firstFailure: String?
}

extension BenchmarkData {
  /// The score of one answer; nil where there is no truth, 0 where there is no answer.
  package func score(_ record: AnswerRecord, at index: Int) -> Double? {
    let (sample, text) = (samples[index], record.text)
    guard let truth = sample.truths.first else { return nil }
    if record.hasFailed { return 0 }
    if sample.asksForLetter {
      return LetterChoice(sample.prompt).letter(of: text) == truth ? 1 : 0
    }
    return switch benchmark {
    case .textvqa where sample.truths.count == 10:
      AnswerMetric.softAccuracy(text, truths: sample.truths)
    case .textvqa: AnswerMetric.exactAccuracy(text, truths: sample.truths)
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
  /// - Parameters:
  ///   - records: answers with their lines in the file.
  ///   - file: what errors call the answers.
  /// - Throws: ``EvaluationError`` for an answer without a question.
  package func score(
    _ records: [(line: Int, value: AnswerRecord)], file: String
  ) throws(EvaluationError) -> [ScoredAnswer] {
    do throws(AnswerJoin.Failure) {
      return zip(try AnswerJoin(self).indices(of: records), records).map { index, entry in
        ScoredAnswer(index: index, score: score(entry.value, at: index), record: entry.value)
      }
    } catch {
      throw .unknownQuestion(file: file, line: error.line, problem: error.problem)
    }
  }

  /// The benchmark's table: overall, then group by group in the order of their first question.
  package func summary(_ answers: [ScoredAnswer]) -> BenchmarkScore {
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
    let failures = answers.filter(\.record.hasFailed)
    return BenchmarkScore(
      benchmark: benchmark, metric: benchmark.metric, protocolText: protocolText, rows: rows,
      questions: samples.count,
      answered: Set(answers.filter { !$0.record.hasFailed }.map(\.index)).count,
      failed: failures.count, firstFailure: failures.first?.record.metadata?.error)
  }

  private func row(_ name: String, _ answers: [ScoredAnswer]) -> BenchmarkScore.Row? {
    let scores = answers.compactMap(\.score)
    guard let interval = ConfidenceInterval(ofMean: scores) else { return nil }
    var row = BenchmarkScore.Row(
      name: name, count: scores.count, mean: scores.reduce(0, +) / Double(scores.count),
      interval: interval)
    if benchmark == .pope { row.details = yesNoDetails(answers) }
    if benchmark == .jsonl {
      let similarities = answers.filter { $0.score != nil }.map { answer in
        answer.record.hasFailed
          ? 0
          : AnswerMetric.sceneTextANLS(answer.record.text, truths: samples[answer.index].truths)
      }
      row.details["ANLS"] = similarities.reduce(0, +) / Double(similarities.count)
    }
    return row
  }

  /// POPE's numbers; "yes" is the positive class, which a question without an answer is not in.
  private func yesNoDetails(_ answers: [ScoredAnswer]) -> [String: Double] {
    var (hits, alarms, misses) = (0.0, 0.0, 0.0)
    for answer in answers {
      let isYes = samples[answer.index].truths.first != "no"
      let saysYes = !answer.record.hasFailed && AnswerMetric.meansYes(answer.record.text)
      switch (saysYes, isYes) {
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
  package func compare(_ first: [ScoredAnswer], _ second: [ScoredAnswer]) -> PairedComparison? {
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
