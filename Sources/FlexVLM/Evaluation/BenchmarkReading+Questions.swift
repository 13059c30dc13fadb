// Benchmarks whose files are lists of questions with their answers.

extension BenchmarkReader {
  private struct TextVQAFile: Decodable {
    struct Item: Decodable {
      let question: String
      let imageID: String
      let answers: [String]?

      enum CodingKeys: String, CodingKey {
        case question, answers
        case imageID = "image_id"
      }
    }
    let data: [Item]
  }

  func textVQA() throws(EvaluationError) -> [BenchmarkSample] {
    guard files.count == (options.usesOCRTokens ? 2 : 1) else {
      throw .unsuitableFiles(
        options.usesOCRTokens
          ? "OCR tokens come from LLaVA's question file: give it as a second annotation file"
          : "textvqa without OCR tokens has one annotation file; \(files.count) are given")
    }
    let prompts = options.usesOCRTokens ? try ocrPrompts(files[1]) : [:]
    var samples: [BenchmarkSample] = []
    for (index, item) in try JSONFile.decode(TextVQAFile.self, from: files[0]).data.enumerated() {
      let truths = item.answers ?? []
      guard truths.isEmpty || truths.count == 10 else {
        throw .malformed(
          file: files[0], place: "data[\(index)].answers",
          problem: "\(truths.count) answers; the score is defined for 10")
      }
      var prompt = "\(item.question)\n\(Benchmark.shortAnswer)"
      if options.usesOCRTokens {
        guard let found = prompts[AnswerJoin.key(item.imageID, item.question)] else {
          throw .malformed(
            file: files[1], place: "image \(item.imageID)",
            problem: "no entry for the question '\(item.question)'")
        }
        prompt = found
      }
      samples.append(
        BenchmarkSample(
          id: .text(item.imageID),
          image: try image(
            [item.imageID + ".jpg"], file: files[0], place: "data[\(index)].image_id"),
          question: item.question, prompt: prompt, truths: truths))
    }
    return samples
  }

  /// Prompts with OCR tokens by image and question.
  private func ocrPrompts(_ file: String) throws(EvaluationError) -> [[UInt8]: String] {
    var prompts: [[UInt8]: String] = [:]
    for (line, item) in try JSONFile.decodeLines(QuestionLine.self, from: file) {
      guard let question = AnswerJoin.question(ofPrompt: item.text) else {
        throw .malformed(file: file, place: "line \(line), text", problem: "not a TextVQA prompt")
      }
      prompts[AnswerJoin.key(item.id.description, question)] = item.text
    }
    return prompts
  }

  private struct QuestionLine: Decodable {
    let id: SampleID
    let image: String?
    let text: String
    let category: String?
    let label: String?
    let answer: String?
    let answers: [String]?

    enum CodingKeys: String, CodingKey {
      case id = "question_id"
      case image, text, category, label, answer, answers
    }
  }

  func questionFile(_ file: String) throws(EvaluationError) -> [BenchmarkSample] {
    var samples: [BenchmarkSample] = []
    for (line, item) in try JSONFile.decodeLines(QuestionLine.self, from: file) {
      guard let name = item.image else {
        throw .malformed(file: file, place: "line \(line), image", problem: "the field is missing")
      }
      var lines = item.text.split(separator: "\n", omittingEmptySubsequences: false)
      if !options.usesOCRTokens { lines.removeAll { $0.hasPrefix("Reference OCR token:") } }
      samples.append(
        BenchmarkSample(
          id: item.id,
          image: try image([name], file: file, place: "line \(line), image"),
          question: lines.first.map(String.init) ?? "", prompt: lines.joined(separator: "\n"),
          truths: item.answers ?? item.answer.map { [$0] } ?? [],
          groups: item.category.map { [$0] } ?? []))
    }
    return samples
  }

  func pope(_ file: String) throws(EvaluationError) -> [BenchmarkSample] {
    let stem = Self.stem(file)
    let category = stem.hasPrefix("coco_pope_") ? String(stem.dropFirst(10)) : stem
    var samples: [BenchmarkSample] = []
    for (line, item) in try JSONFile.decodeLines(QuestionLine.self, from: file) {
      guard let name = item.image, let label = item.label else {
        throw .malformed(
          file: file, place: "line \(line), \(item.image == nil ? "image" : "label")",
          problem: "the field is missing")
      }
      samples.append(
        BenchmarkSample(
          id: item.id,
          image: try image([name], file: file, place: "line \(line), image"),
          question: item.text, prompt: "\(item.text)\n\(Benchmark.shortAnswer)",
          truths: [label], groups: [category]))
    }
    return samples
  }

  private struct DocVQAFile: Decodable {
    struct Item: Decodable {
      let id: SampleID
      let question: String
      let image: String?
      let localImage: String?
      let answers: [String]?
      let types: [String]?

      enum CodingKeys: String, CodingKey {
        case id = "questionId"
        case localImage = "image_local_name"
        case types = "question_types"
        case question, image, answers
      }
    }
    let data: [Item]
  }

  func docVQA() throws(EvaluationError) -> [BenchmarkSample] {
    let file = try onlyFile()
    var samples: [BenchmarkSample] = []
    for (index, item) in try JSONFile.decode(DocVQAFile.self, from: file).data.enumerated() {
      guard let name = item.image ?? item.localImage else {
        throw .malformed(
          file: file, place: "data[\(index)].image", problem: "the field is missing")
      }
      // Annotations name "documents/x.png"; some copies keep the images without that folder.
      let base = name.split(separator: "/").last.map(String.init) ?? name
      samples.append(
        BenchmarkSample(
          id: item.id,
          image: try image(
            base == name ? [name] : [name, base], file: file, place: "data[\(index)].image"),
          question: item.question, prompt: "\(item.question)\n\(Benchmark.shortAnswer)",
          truths: item.answers ?? [], groups: item.types ?? []))
    }
    return samples
  }

  private struct ChartQAItem: Decodable {
    let imgname: String
    let query: String
    let label: String
  }

  func chartQA(_ file: String) throws(EvaluationError) -> [BenchmarkSample] {
    let stem = Self.stem(file)
    let split = ["human", "augmented"].first(where: stem.contains) ?? stem
    var samples: [BenchmarkSample] = []
    for (index, item) in try JSONFile.decode([ChartQAItem].self, from: file).enumerated() {
      samples.append(
        BenchmarkSample(
          id: .text(item.imgname),
          image: try image([item.imgname], file: file, place: "[\(index)].imgname"),
          question: item.query, prompt: "\(item.query)\n\(Benchmark.shortAnswer)",
          truths: [item.label], groups: [split]))
    }
    return samples
  }
}
