// Question files as LLaVA has them: an object on each line, with the question in the field `text`.

extension BenchmarkReader {
  struct QuestionEntry: Decodable {
    let id: SampleID
    let image: String?
    let text: String?
    let category: String?
    private let label: TextList?
    private let answer: TextList?
    private let answers: TextList?

    enum CodingKeys: String, CodingKey {
      case id = "question_id"
      case image, text, category, label, answer, answers
    }

    var truths: TextList? { answers ?? answer ?? label }
  }

  func questionFiles() throws(EvaluationError) -> [BenchmarkSample] {
    let folder = try imageFolder()
    var samples: [BenchmarkSample] = []
    var truths: [SampleID: [String]] = [:]
    for file in files {
      let entries = try JSONFile.decodeEntries(QuestionEntry.self, from: file)
      if entries.allSatisfy({ $0.value.text == nil && $0.value.truths != nil }) {
        for (line, entry) in entries {
          truths[entry.id] = try self.truths(entry.truths, file, "line \(line)")
        }
      } else {
        samples += try questions(entries, in: folder, file)
      }
    }
    for index in samples.indices where samples[index].truths.isEmpty {
      samples[index].truths = truths[samples[index].id] ?? []
    }
    return samples.map { sample in
      var sample = sample
      sample.asksForLetter = LetterChoice(sample.prompt).has(sample.truths)
      return sample
    }
  }

  /// Questions as they stand; lines that an OCR system contributed are left out unless wanted.
  func questions(
    _ entries: [(line: Int, value: QuestionEntry)], in folder: ImageFolder?, _ file: String
  ) throws(EvaluationError) -> [BenchmarkSample] {
    var samples: [BenchmarkSample] = []
    for (line, entry) in entries {
      guard let name = entry.image, let text = entry.text else {
        throw .malformed(
          file: file, place: "line \(line), \(entry.image == nil ? "image" : "text")",
          problem: "the field is missing")
      }
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if !options.usesOCRTokens { lines.removeAll { $0.hasPrefix("Reference OCR token:") } }
      let prompt = try question(lines.joined(separator: "\n"), file, "line \(line), text")
      samples.append(
        BenchmarkSample(
          id: entry.id, image: try image([name], in: folder, file, "line \(line), image"),
          question: prompt.split(separator: "\n").first.map(String.init) ?? prompt,
          prompt: prompt, truths: try truths(entry.truths, file, "line \(line)"),
          groups: entry.category.map { [$0] } ?? []))
    }
    return samples
  }

  /// What LLaVA's question file adds to the ids of each file, so that they differ.
  private static let popeOffsets = [
    "coco_pope_adversarial": 0, "coco_pope_random": 10_000_000, "coco_pope_popular": 20_000_000,
  ]

  func pope() throws(EvaluationError) -> [BenchmarkSample] {
    let folder = try imageFolder()
    var samples: [BenchmarkSample] = []
    for (index, file) in files.enumerated() {
      let stem = Self.stem(file)
      let category = stem.hasPrefix("coco_pope_") ? String(stem.dropFirst(10)) : stem
      let offset = Self.popeOffsets[stem] ?? (files.count == 1 ? 0 : (index + 3) * 10_000_000)
      for (line, entry) in try JSONFile.decodeEntries(QuestionEntry.self, from: file) {
        guard let name = entry.image, let text = entry.text, let label = entry.truths?.texts else {
          let field = entry.image == nil ? "image" : entry.text == nil ? "text" : "label"
          throw .malformed(
            file: file, place: "line \(line), \(field)", problem: "the field is missing")
        }
        let truth = CodePoints(label.first ?? "").lowered().stripped().text
        guard label.count == 1, ["yes", "no"].contains(truth) else {
          throw .malformed(
            file: file, place: "line \(line), label", problem: "expected yes or no")
        }
        let question = try question(text, file, "line \(line), text")
        samples.append(
          BenchmarkSample(
            id: entry.id.adding(offset), ownID: entry.id,
            image: try image([name], in: folder, file, "line \(line), image"),
            question: question, prompt: withShortAnswer(question), truths: [truth],
            groups: [category]))
      }
    }
    return samples
  }
}

extension SampleID {
  /// The id with a number added; one that is a text or too large stays as it is.
  fileprivate func adding(_ offset: Int) -> SampleID {
    guard case .number(let number) = self else { return self }
    let (sum, overflows) = number.addingReportingOverflow(offset)
    return overflows ? self : .number(sum)
  }
}
