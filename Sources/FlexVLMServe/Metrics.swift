internal import FlexVLM
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What was done so far, in Prometheus' text format.
package final class Metrics: Sendable {
  private struct Series: Hashable {
    let path: String
    let status: Int
  }

  private struct Counts {
    var requests: [Series: Int] = [:]
    /// Completions that took up to each of ``bounds``, and longer.
    var buckets = Array(repeating: 0, count: Metrics.bounds.count + 1)
    var seconds = 0.0
    var promptTokens = 0
    var completionTokens = 0
    var encodeSeconds = 0.0
    var prefillSeconds = 0.0
    var decodeSeconds = 0.0
  }

  private static let bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

  private let counts = Mutex(Counts())

  package init() {}

  /// Counts a response.
  ///
  /// - Parameters:
  ///   - path: one of the server's own; what clients make up is not told apart.
  ///   - seconds: from the request's first byte to the response's last, for completions.
  package func count(path: String, status: Int, seconds: Double? = nil) {
    counts.withLock { counts in
      counts.requests[Series(path: path, status: status), default: 0] += 1
      guard let seconds else { return }
      let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
      counts.buckets[bucket] += 1
      counts.seconds += seconds
    }
  }

  func count(_ answer: Answer) {
    counts.withLock { counts in
      counts.promptTokens += answer.statistics.promptPositions
      counts.completionTokens += answer.spokenSteps.count
      counts.encodeSeconds += answer.statistics.encodeTime / .seconds(1)
      counts.prefillSeconds += answer.statistics.prefillTime / .seconds(1)
      counts.decodeSeconds += answer.statistics.decodeTime / .seconds(1)
    }
  }

  func text(running: Int, waiting: Int, images: SizedCache<EncodedImage>.State) -> String {
    let counts = counts.withLock { $0 }
    var text = ""
    func add(_ name: String, _ type: String, _ help: String, _ samples: [(String, String)]) {
      text += "# HELP flexvlm_\(name) \(help)\n# TYPE flexvlm_\(name) \(type)\n"
      for (suffix, value) in samples { text += "flexvlm_\(name)\(suffix) \(value)\n" }
    }
    add(
      "requests_total", "counter", "Responses by path and status.",
      counts.requests.map { ("{path=\"\($0.path)\",status=\"\($0.status)\"}", "\($1)") }
        .sorted { $0.0 < $1.0 })
    var sum = 0
    var buckets = zip(Self.bounds.map { "\($0)" } + ["+Inf"], counts.buckets).map { bound, count in
      sum += count
      return ("_bucket{le=\"\(bound)\"}", "\(sum)")
    }
    buckets += [("_sum", "\(counts.seconds)"), ("_count", "\(sum)")]
    add("completion_seconds", "histogram", "Time of completions, waiting included.", buckets)
    add("requests_running", "gauge", "Completions that are worked on.", [("", "\(running)")])
    add("requests_waiting", "gauge", "Completions that wait for their turn.", [("", "\(waiting)")])
    add("prompt_tokens_total", "counter", "Tokens of prompts.", [("", "\(counts.promptTokens)")])
    add(
      "completion_tokens_total", "counter", "Tokens of answers.",
      [("", "\(counts.completionTokens)")])
    add(
      "stage_seconds_total", "counter", "Time that answers took, by stage.",
      [
        ("{stage=\"encode\"}", "\(counts.encodeSeconds)"),
        ("{stage=\"prefill\"}", "\(counts.prefillSeconds)"),
        ("{stage=\"decode\"}", "\(counts.decodeSeconds)"),
      ])
    add(
      "image_requests_total", "counter", "Images that were there already, or had to be encoded.",
      [("{cache=\"hit\"}", "\(images.hits)"), ("{cache=\"miss\"}", "\(images.misses)")])
    add("image_cache_entries", "gauge", "Images that are kept.", [("", "\(images.count)")])
    add(
      "image_cache_bytes", "gauge", "Memory that they take at most.", [("", "\(images.size)")])
    add("resident_bytes", "gauge", "Memory of the program.", [("", "\(Self.residentBytes)")])
    return text
  }

  /// The second number of Linux's statm: resident pages of 4 KiB.
  private static var residentBytes: Int {
    let pages = FileManager.default.contents(atPath: "/proc/self/statm")
      .map { String(decoding: $0, as: UTF8.self).split(separator: " ") }
    return pages.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 4096 } ?? 0
  }
}
