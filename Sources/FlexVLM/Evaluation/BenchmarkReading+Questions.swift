// Benchmarks whose files are lists of questions with their answers.

extension BenchmarkReader {
  private struct TextVQAFile: Decodable {
    struct Item: Decodable {
      let id: SampleID?
      let question: String
      let imageID: SampleID
      let answers: TextList?

      enum CodingKeys: String, CodingKey {
        case question, answers
        case id = "question_id"
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
    let (file, folder) = (files[0], try imageFolder())
    let prompts = options.usesOCRTokens ? try ocrPrompts(files[1]) : [:]
    var samples: [BenchmarkSample] = []
    for (index, item) in try JSONFile.decode(TextVQAFile.self, from: file).data.enumerated() {
      let place = "data[\(index)]"
      let question = try question(item.question, file, "\(place).question")
      var prompt = withShortAnswer(question)
      if options.usesOCRTokens {
        guard let found = prompts[AnswerJoin.key("\(item.imageID)", question)] else {
          throw .malformed(
            file: files[1], place: "image \(item.imageID)",
            problem: "no entry for the question '\(question)'")
        }
        prompt = found
      }
      let name = ImageFolder.name("\(item.imageID)", defaultExtension: "jpg")
      samples.append(
        BenchmarkSample(
          id: item.imageID, ownID: item.id,
          image: try image([name], in: folder, file, "\(place).image_id"),
          question: question, prompt: prompt,
          truths: try truths(item.answers, file, "\(place).answers")))
    }
    return samples
  }

  /// Prompts with OCR tokens by image and question.
  private func ocrPrompts(_ file: String) throws(EvaluationError) -> [[UInt8]: String] {
    var prompts: [[UInt8]: String] = [:]
    for (line, item) in try JSONFile.decodeEntries(QuestionEntry.self, from: file) {
      let text = try question(item.text ?? "", file, "line \(line), text")
      guard let question = TextVQAPrompt.question(of: text) else {
        throw .malformed(file: file, place: "line \(line), text", problem: "not a TextVQA prompt")
      }
      prompts[AnswerJoin.key("\(item.id)", question)] = text
    }
    return prompts
  }

  private struct DocVQAFile: Decodable {
    struct Item: Decodable {
      let id: SampleID
      let question: String
      let image: String?
      let localImage: String?
      let answers: TextList?
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
    let (file, folder) = (try onlyFile(), try imageFolder())
    var samples: [BenchmarkSample] = []
    for (index, item) in try JSONFile.decode(DocVQAFile.self, from: file).data.enumerated() {
      let place = "data[\(index)]"
      guard let name = item.image ?? item.localImage else {
        throw .malformed(file: file, place: "\(place).image", problem: "the field is missing")
      }
      // Annotations name "documents/x.png"; some copies keep the images without that folder.
      let base = name.split(separator: "/").last.map(String.init) ?? name
      let question = try question(item.question, file, "\(place).question")
      samples.append(
        BenchmarkSample(
          id: item.id,
          image: try image(
            base == name ? [name] : [name, base], in: folder, file, "\(place).image"),
          question: question, prompt: withShortAnswer(question),
          truths: try truths(item.answers, file, "\(place).answers"), groups: item.types ?? []))
    }
    return samples
  }

  private struct ChartQAItem: Decodable {
    let imgname: String
    let query: String
    let label: TextList
  }

  func chartQA() throws(EvaluationError) -> [BenchmarkSample] {
    let folder = try imageFolder()
    var samples: [BenchmarkSample] = []
    for file in files {
      let stem = Self.stem(file)
      let split = ["human", "augmented"].first(where: stem.contains) ?? stem
      for (index, item) in try JSONFile.decode([ChartQAItem].self, from: file).enumerated() {
        let question = try question(item.query, file, "[\(index)].query")
        samples.append(
          BenchmarkSample(
            id: .text(item.imgname),
            image: try image([item.imgname], in: folder, file, "[\(index)].imgname"),
            question: question, prompt: withShortAnswer(question),
            truths: try truths(item.label, file, "[\(index)].label"), groups: [split]))
      }
    }
    return samples
  }
}
