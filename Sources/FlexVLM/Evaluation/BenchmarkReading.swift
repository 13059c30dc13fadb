#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension BenchmarkData {
  /// Reads a benchmark in the layouts in which it is published.
  ///
  /// | benchmark | annotations | images |
  /// |---|---|---|
  /// | textvqa | `TextVQA_0.5.1_val.json`; with OCR tokens also LLaVA's question file | folder |
  /// | vstar | the benchmark's folder, or one subset's; or Hugging Face's `test_questions.jsonl` | beside the annotations |
  /// | magnifier | the benchmark's folder, or `data_instructions.json` | `images.json`, or a folder |
  /// | rsvqa | the benchmark's folder, or the `questions` and the `answers` file of a split | folder |
  /// | docvqa | `val_v1.0_withQT.json` | folder |
  /// | chartqa | `test_human.json`, `test_augmented.json` | folder |
  /// | pope | `coco_pope_*.json` | folder |
  /// | jsonl | question files; also files of truths by `question_id` | folder |
  ///
  /// - Parameters:
  ///   - benchmark: which one.
  ///   - annotations: files or a folder, as the table has it.
  ///   - images: nil looks in the benchmark's folder, or reads the questions alone, for scoring.
  ///   - options: how questions are put.
  /// - Throws: ``EvaluationError``
  package init(
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
      benchmark: benchmark, samples: samples, protocolText: reader.protocolText(of: samples))
  }
}

extension Benchmark {
  /// Whether annotations of this benchmark bring their images, so that none need be named.
  package func includesImages(_ annotations: [String]) -> Bool {
    switch self {
    case .vstar: true
    case .magnifier, .rsvqa: annotations.count == 1 && FileManager.default.isFolder(annotations[0])
    case .textvqa, .docvqa, .chartqa, .pope, .jsonl: false
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
    case .chartqa: try chartQA()
    case .pope: try pope()
    case .jsonl: try questionFiles()
    }
  }

  /// How the questions are put, in words.
  func protocolText(of samples: [BenchmarkSample]) -> String {
    let request = "'\(PromptTemplate.shortAnswer)'"
    switch benchmark {
    case .textvqa:
      let hasTen = samples.allSatisfy { [0, 10].contains($0.truths.count) }
      return (options.usesOCRTokens ? "with OCR tokens" : "without OCR tokens")
        + "; question, then \(request)"
        + (hasTen ? "" : "; where there are not ten truths, one of them must be met")
    case .vstar where samples.allSatisfy(\.asksForLetter):
      return "question and options as Hugging Face's file has them, answered by a letter"
    case .vstar:
      return options.optionProtocol == .flex
        ? "likelihood of the options after \(request), as FlexAttention scores"
        : "likelihood of the options and the end token after the bare question, as V*Bench scores"
    case .magnifier:
      return "options on lines of their own, then a request for the letter; first image"
    case .rsvqa: return "questions of the types presence and comp, then \(request)"
    case .docvqa, .chartqa, .pope: return "question, then \(request)"
    case .jsonl:
      return "questions as they stand"
        + (options.usesOCRTokens ? "" : ", lines of reference OCR tokens left out")
    }
  }

  /// The file, where the benchmark has just one.
  func onlyFile() throws(EvaluationError) -> String {
    guard files.count == 1 else {
      throw .unsuitableFiles(
        "\(benchmark.rawValue) has one annotation file; \(files.count) are given")
    }
    return files[0]
  }

  func names(in folder: String) throws(EvaluationError) -> [String] {
    do {
      return try FileManager.default.visibleNames(in: folder)
    } catch {
      throw .unreadable(path: folder, reason: "not a readable folder")
    }
  }

  /// The folder of the images; nil where none is given.
  func imageFolder() throws(EvaluationError) -> ImageFolder? {
    if let images { try ImageFolder(images) } else { nil }
  }

  /// The folder of the images, `other` where none is given.
  func imageFolder(orElse other: String) throws(EvaluationError) -> ImageFolder {
    try ImageFolder(images ?? other)
  }

  /// Where an image may be, names that lead out of the folder refused.
  func image(
    _ names: [String], in folder: ImageFolder?, _ file: String, _ place: String
  ) throws(EvaluationError) -> ImageSource {
    for name in names {
      guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\0"),
        !name.split(separator: "/").contains("..")
      else {
        throw .malformed(
          file: file, place: place, problem: "'\(name)' does not name an image in the folder")
      }
    }
    return .file(names, in: folder)
  }

  /// A question without what files put around it.
  func question(
    _ text: String, _ file: String, _ place: String
  ) throws(EvaluationError) -> String {
    guard let question = Query.cleaned(question: text) else {
      throw .malformed(file: file, place: place, problem: "the question is blank")
    }
    return question
  }

  /// Truths that answers can be compared with: scoring takes the distance of texts, whose cost is the
  /// product of their lengths.
  func truths(
    _ list: TextList?, _ file: String, _ place: String
  ) throws(EvaluationError) -> [String] {
    let texts = list?.texts ?? []
    let limit = AnswerMetric.truthLimit
    guard texts.allSatisfy({ $0.unicodeScalars.count <= limit }) else {
      throw .malformed(
        file: file, place: place, problem: "longer than \(limit) characters; a truth is short")
    }
    return texts
  }

  func withShortAnswer(_ question: String) -> String {
    "\(question)\n\(PromptTemplate.shortAnswer)"
  }

  /// The last part of a path, without its extension.
  static func stem(_ path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }
}
