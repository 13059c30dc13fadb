#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension BenchmarkData {
  /// Reads a benchmark in the layout in which it is published.
  ///
  /// | benchmark | annotations | images |
  /// |---|---|---|
  /// | textvqa | `TextVQA_0.5.1_val.json`; with OCR tokens also LLaVA's question file | folder |
  /// | vstar | the benchmark's folder, or one subset's | beside the annotations |
  /// | magnifier | `data_instructions.json` | `images.json` |
  /// | rsvqa | the `questions` and the `answers` file of a split | folder |
  /// | docvqa | `val_v1.0_withQT.json` | folder |
  /// | chartqa | `test_human.json`, `test_augmented.json` | folder |
  /// | pope | `coco_pope_*.json` | folder |
  /// | jsonl | a question file | folder |
  ///
  /// - Parameter images: nil reads the questions alone, for scoring.
  /// - Throws: ``EvaluationError``
  public init(
    _ benchmark: Benchmark, annotations: [String], images: String?,
    options: BenchmarkOptions = .init()
  ) throws(EvaluationError) {
    let reader = BenchmarkReader(
      benchmark: benchmark, files: annotations, images: images, options: options)
    let samples = try reader.samples()
    guard !samples.isEmpty else {
      throw .unsuitableFiles(
        "the annotations hold no question: \(annotations.joined(separator: ", "))")
    }
    self.init(
      benchmark: benchmark, samples: samples, protocolText: benchmark.protocolText(options))
  }
}

extension Benchmark {
  /// LLaVA's request for an answer that scorers can match.
  static let shortAnswer = "Answer the question using a single word or phrase."

  func protocolText(_ options: BenchmarkOptions) -> String {
    switch self {
    case .textvqa:
      (options.usesOCRTokens ? "with OCR tokens" : "without OCR tokens")
        + "; question, then '\(Self.shortAnswer)'"
    case .vstar:
      options.optionProtocol == .flex
        ? "likelihood of the options after '\(Self.shortAnswer)', as FlexAttention scores"
        : "likelihood of the options and the end token after the bare question, as V*Bench scores"
    case .magnifier: "options on lines of their own, then a request for the letter; first image"
    case .rsvqa: "questions of the types presence and comp, then '\(Self.shortAnswer)'"
    case .docvqa, .chartqa, .pope: "question, then '\(Self.shortAnswer)'"
    case .jsonl:
      "questions as they stand"
        + (options.usesOCRTokens ? "" : ", lines of reference OCR tokens left out")
    }
  }
}

/// Reads one benchmark's files.
struct BenchmarkReader {
  let benchmark: Benchmark
  let files: [String]
  let images: String?
  let options: BenchmarkOptions

  func samples() throws(EvaluationError) -> [BenchmarkSample] {
    switch benchmark {
    case .textvqa: try textVQA()
    case .vstar: try vStar()
    case .magnifier: try magnifier()
    case .rsvqa: try rsVQA()
    case .docvqa: try docVQA()
    case .chartqa: try each { file throws(EvaluationError) in try chartQA(file) }
    case .pope: try each { file throws(EvaluationError) in try pope(file) }
    case .jsonl: try each { file throws(EvaluationError) in try questionFile(file) }
    }
  }

  private func each(
    _ read: (String) throws(EvaluationError) -> [BenchmarkSample]
  ) throws(EvaluationError) -> [BenchmarkSample] {
    var samples: [BenchmarkSample] = []
    for file in files { samples += try read(file) }
    return samples
  }

  /// The file, where the benchmark has just one.
  func onlyFile() throws(EvaluationError) -> String {
    guard files.count == 1 else {
      throw .unsuitableFiles(
        "\(benchmark.rawValue) has one annotation file; \(files.count) are given")
    }
    return files[0]
  }

  /// Where an image may be, names that lead out of the folder refused.
  func image(
    _ names: [String], file: String, place: @autoclosure () -> String
  ) throws(EvaluationError) -> ImageSource {
    for name in names {
      guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\0"),
        !name.split(separator: "/").contains("..")
      else {
        throw .malformed(
          file: file, place: place(), problem: "'\(name)' does not name an image in the folder")
      }
    }
    return .files(names.map { name in images.map { "\($0)/\(name)" } ?? name })
  }

  /// The last part of a path, without its extension.
  static func stem(_ path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }
}
