internal import Dispatch
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A page that shows an evaluation: the score table, and every question with its image, the cells
/// that were selected, the answer and the truths.
///
/// The page is one file without references to others. Images are JPEGs of the square that the model
/// sees, the smaller the more there are; the browser decodes those that scroll into view.
package struct EvaluationReport: Sendable {
  /// Questions that a page shows; it says so where there are more.
  static let questionLimit = 5000

  /// Pixels of an image's side, so that a page of many images is no more than about 100 MB.
  static func imageSide(count: Int) -> Int {
    switch count {
    case ...800: 672
    case ...2000: 448
    default: 288
    }
  }

  /// What the page needs of one answer; short names, for there are thousands.
  private struct Entry: Encodable {
    let question: String
    let answer: String
    let truths: [String]
    let score: Double?
    let groups: [String]
    /// Position in the list of images; nil where there is none.
    let image: Int?
    let cells: [Int]?
    let selections: Int?
    let options: [String]?
    let losses: [Double]?
    let error: String?
  }

  private let data: BenchmarkData
  private let answers: [ScoredAnswer]
  private let score: BenchmarkScore

  package init(_ data: BenchmarkData, _ answers: [ScoredAnswer]) {
    self.data = data
    self.answers = answers.sorted { $0.index < $1.index }
    score = data.summary(answers)
  }

  /// The page as HTML.
  ///
  /// - Parameters:
  ///   - subtitle: model and settings.
  ///   - options: how images are read, as in the run.
  ///   - threads: images that are decoded at the same time.
  package func html(subtitle: String, options: ImageReadingOptions, threads: Int) -> String {
    let shown = answers.prefix(Self.questionLimit)
    var sources: [ImageSource] = []
    var positions: [String: Int] = [:]
    for answer in shown where positions[data.samples[answer.index].image.name] == nil {
      let source = data.samples[answer.index].image
      positions[source.name] = sources.count
      sources.append(source)
    }
    let images = Self.dataURLs(sources, options, threads: threads)
    let entries = shown.map { answer in
      let sample = data.samples[answer.index]
      let image = positions[sample.image.name].flatMap { images[$0].isEmpty ? nil : $0 }
      return entry(answer, sample, image: image)
    }
    return ReportPage(
      title: data.benchmark.rawValue, subtitle: subtitle, score: score,
      omitted: answers.count - shown.count, entries: Self.json(entries), images: Self.json(images)
    ).html
  }

  private func entry(_ answer: ScoredAnswer, _ sample: BenchmarkSample, image: Int?) -> Entry {
    let metadata = answer.record.metadata
    return Entry(
      question: sample.question, answer: answer.record.text, truths: sample.truths,
      score: answer.score, groups: sample.groups, image: image, cells: metadata?.cells,
      selections: metadata?.selections, options: sample.options.isEmpty ? nil : sample.options,
      losses: metadata?.losses, error: metadata?.error)
  }

  /// Each image as a data URL; empty for those that cannot be read.
  private static func dataURLs(
    _ sources: [ImageSource], _ options: ImageReadingOptions, threads: Int
  ) -> [String] {
    let side = imageSide(count: sources.count)
    let images = Mutex(Array(repeating: "", count: sources.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < sources.count else { return }
        guard let image = try? sources[index].read(options) else { continue }
        // Padded as LLaVA pads, with CLIP's mean colour, so that cells fall where they belong.
        let small = image.squared(
          to: min(max(image.width, image.height), side), background: SIMD3(122, 116, 104))
        guard let bytes = small.encodedJPEG(quality: 70) else { continue }
        let url = "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
        images.withLock { $0[index] = url }
      }
    }
    return images.withLock { $0 }
  }

  /// JSON that may stand in a script element: "<" is written so that no tag can begin.
  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("entry not encodable") }
    return String(decoding: data, as: UTF8.self).replacing("<", with: "\\u003C")
  }
}
