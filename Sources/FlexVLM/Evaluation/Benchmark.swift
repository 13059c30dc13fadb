/// The benchmarks that can be run and scored.
package enum Benchmark: String, CaseIterable, Sendable, Codable {
  case textvqa, vstar, magnifier, rsvqa, docvqa, chartqa, pope
  /// LLaVA's question files.
  case jsonl

  /// What the score is called.
  package var metric: String {
    switch self {
    case .docvqa: "ANLS"
    case .chartqa: "relaxed accuracy"
    case .jsonl: "exact accuracy"
    default: "accuracy"
    }
  }

  /// Whether options are compared by likelihood in place of generating an answer.
  package var comparesOptions: Bool { self == .vstar }
}

/// What can be chosen about how a benchmark's questions are put.
package struct BenchmarkOptions: Sendable, Equatable {
  /// How V*Bench compares options: as FlexAttention's script does (the short-answer prompt, the
  /// option's tokens), or as the benchmark's own (the bare question, the option and the end token).
  package enum OptionProtocol: String, CaseIterable, Sendable {
    case flex, official
  }

  /// Whether TextVQA prompts list the words that an OCR system found.
  package var usesOCRTokens = false
  package var optionProtocol = OptionProtocol.flex

  package init() {}
}

/// One question of a benchmark, whatever its file looked like.
package struct BenchmarkSample: Sendable, Equatable {
  /// As LLaVA's answers files have it: TextVQA's is that of the image, POPE's differ between files.
  package let id: SampleID
  /// The data set's own id of the question where that is another one.
  package var ownID: SampleID?
  package let image: ImageSource
  /// As the data set has it, after ``Query/cleaned(question:)``.
  package let question: String
  /// What goes into the model's prompt template.
  package let prompt: String
  /// Answers to compare, the right one first; empty where an answer is generated.
  package var options: [String] = []
  /// Right answers; empty where the data set holds none, which leaves the question unscored.
  package var truths: [String] = []
  /// Groups that get a score of their own: a subset, question types.
  package var groups: [String] = []
  /// Whether the truth is the letter of one of the options that the prompt lists.
  package var asksForLetter = false
}

/// A question's id in its data set, a number or a text.
package enum SampleID: Sendable, Hashable, Codable, CustomStringConvertible {
  case number(Int)
  case text(String)

  package init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    }
  }

  package var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text
    }
  }
}

/// Where a sample's image is.
package enum ImageSource: Sendable, Equatable {
  /// Names in the order in which they are tried; without a folder they are paths.
  case file([String], in: ImageFolder?)
  /// An entry of a JSON file of Base64 texts.
  case embedded(EmbeddedImages, key: String)

  /// Names the image: equal for questions about one image.
  package var name: String {
    switch self {
    case .file(let names, _): names[0]
    case .embedded(_, let key): key
    }
  }

  package static func == (a: Self, b: Self) -> Bool { a.name == b.name }

  /// Reads the image.
  /// - Throws: ``ImageError``, ``EvaluationError``
  package func read(_ options: ImageReadingOptions) throws -> RGBImage {
    switch self {
    case .embedded(let images, let key):
      return try RGBImage(decoding: images.bytes(of: key), name: key, options: options)
    case .file(let names, let folder):
      let found = names.lazy.compactMap { folder?.file(named: $0) }.first
      let path = found ?? (folder.map { $0.path + "/" } ?? "") + names[0]
      return try RGBImage(contentsOfFile: path, options: options)
    }
  }
}

/// A benchmark's questions in the order of its files.
package struct BenchmarkData: Sendable {
  package let benchmark: Benchmark
  package let samples: [BenchmarkSample]
  /// How the questions are put, in words; belongs to every score.
  package let protocolText: String
}

extension BenchmarkData {
  /// A digest of all that the answers and their scores depend on, but for the pixels.
  var fingerprint: String {
    var bytes: [UInt8] = []
    for sample in samples {
      let name = sample.image.name.split(separator: "/").last.map(String.init) ?? ""
      for text in [sample.id.description, name, sample.prompt] + sample.options + sample.truths {
        bytes += text.utf8
        bytes.append(0)
      }
      bytes.append(1)
    }
    return Fingerprint.sha256(bytes)
  }
}
