import FlexVLM
import Synchronization

/// How far a run is: one line that is written over on a terminal, a line now and then elsewhere.
final class EvaluationProgress: Sendable {
  struct State {
    /// Asked, by earlier runs too.
    var done = 0
    /// Asked in this run; the rate counts no others.
    var fresh = 0
    /// Without an answer.
    var failed = 0
    var firstFailure: String?
    var scored = 0
    var scoreSum = 0.0
    var lastShown: ContinuousClock.Instant?
  }

  private let total: Int
  private let terminal: Terminal
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(total: Int, terminal: Terminal, isShown: Bool = true) {
    (self.total, self.terminal, self.isShown) = (total, terminal, isShown)
  }

  /// Counts a question.
  func add(_ record: AnswerRecord, _ data: BenchmarkData, isNew: Bool) {
    let index = record.metadata?.index
    add(
      score: index.flatMap { data.score(record, at: $0) },
      failure: record.metadata?.error.map { reason in
        (index.map { "question \($0)" } ?? "a question", reason)
      }, isNew: isNew)
  }

  /// Counts a question, or an image with all of its questions.
  func add(score: Double? = nil, failure: (place: String, reason: String)?, isNew: Bool) {
    state.withLock { state in
      state.done += 1
      if let score {
        state.scored += 1
        state.scoreSum += score
      }
      if let (place, reason) = failure {
        state.failed += 1
        if state.firstFailure == nil {
          // Early, for a wrong folder of images is better mended than waited for.
          if terminal.error.isTerminal { try? terminal.error.write(sequence: Self.lineStart) }
          terminal.note("\(place): \(reason)")
          state.firstFailure = reason
        }
      }
      guard isNew else { return }
      state.fresh += 1
      let now = ContinuousClock.now
      let pause: Duration = terminal.error.isTerminal ? .milliseconds(200) : .seconds(30)
      if let last = state.lastShown, now - last < pause { return }
      // A log needs no line for the first answer.
      if state.lastShown != nil || terminal.error.isTerminal { show(state, ends: false) }
      state.lastShown = now
    }
  }

  /// Leaves the last line standing.
  func finish() -> State {
    state.withLock { state in
      show(state, ends: true)
      return state
    }
  }

  /// Back to the line's start, and what stands there cleared.
  private static let lineStart = "\r\u{1B}[K"

  private func show(_ state: State, ends: Bool) {
    guard isShown else { return }
    let text = line(
      done: state.done, fresh: state.fresh, failed: state.failed,
      score: state.scored > 0 ? state.scoreSum / Double(state.scored) : nil,
      seconds: (ContinuousClock.now - start) / .seconds(1))
    if terminal.error.isTerminal {
      let columns = max(20, terminal.error.columns ?? 80)
      try? terminal.error.write(
        sequence: Self.lineStart + text.prefix(columns - 1) + (ends ? "\n" : ""))
    } else {
      terminal.note(text)
    }
  }

  /// "312 of 5000 (6 %), 3.4 a second, 23 min left, score 48.21, 2 failed"
  func line(done: Int, fresh: Int, failed: Int, score: Double?, seconds: Double) -> String {
    let percent = total > 0 ? 100 * done / total : 100
    var parts = ["\(done) of \(total) (\(percent) %)"]
    if fresh > 0, seconds > 0 {
      let rate = Double(fresh) / seconds
      parts.append("\(rate.fixed(rate < 10 ? 2 : 0)) a second")
      if done < total { parts.append(Self.duration(Double(total - done) / rate) + " left") }
    }
    if let score { parts.append("score \((100 * score).fixed(2))") }
    if failed > 0 { parts.append("\(failed) failed") }
    return parts.joined(separator: ", ")
  }

  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(seconds.fixed(0)) s"
    case ..<5400: "\((seconds / 60).fixed(0)) min"
    default: "\((seconds / 3600).fixed(1)) h"
    }
  }
}
