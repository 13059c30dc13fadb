#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

// Benchmarks that are spread over several files.

extension BenchmarkReader {
  private struct VStarItem: Decodable {
    let question: String
    let options: [String]
  }

  /// Subsets in the order in which the benchmark reports them.
  private static let vStarSubsets = [
    "direct_attributes", "relative_position", "GPT4V-hard", "OCR",
  ]

  func vStar() throws(EvaluationError) -> [BenchmarkSample] {
    let folder = try onlyFile()
    let subsets = Self.vStarSubsets.map { "\(folder)/\($0)" }.filter {
      FileManager.default.fileExists(atPath: $0)
    }
    var samples: [BenchmarkSample] = []
    for subset in subsets.isEmpty ? [folder] : subsets { samples += try vStarSubset(subset) }
    return samples
  }

  private func vStarSubset(_ folder: String) throws(EvaluationError) -> [BenchmarkSample] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .unreadable(path: folder, reason: "not a readable folder")
    }
    let subset = URL(filePath: folder).lastPathComponent
    var samples: [BenchmarkSample] = []
    for name in names.filter({ $0.hasSuffix(".json") }).sorted() {
      let file = "\(folder)/\(name)"
      let item = try JSONFile.decode(VStarItem.self, from: file)
      guard item.options.count >= 2, item.options.allSatisfy({ !$0.isEmpty }) else {
        throw .malformed(
          file: file, place: "options", problem: "expected two or more, none empty")
      }
      let stem = String(file.dropLast(".json".count))
      samples.append(
        BenchmarkSample(
          id: .text("\(subset)/\(Self.stem(name))"),
          image: .files(["jpg", "JPG", "webp", "png", "jpeg"].map { "\(stem).\($0)" }),
          question: item.question,
          prompt: options.optionProtocol == .flex
            ? "\(item.question)\n\(Benchmark.shortAnswer)" : item.question,
          options: item.options, truths: [item.options[0]], groups: [subset]))
    }
    return samples
  }

  private struct MagnifierFile: Decodable {
    struct Item: Decodable {
      let instruction: String
      let answer: String
      let images: [String]

      enum CodingKeys: String, CodingKey {
        case instruction, answer
        case images = "image_ids"
      }
    }
    let data: [String: Item]
  }

  func magnifier() throws(EvaluationError) -> [BenchmarkSample] {
    let file = try onlyFile()
    let items = try JSONFile.decode(MagnifierFile.self, from: file).data
    let embedded: EmbeddedImages?
    if let images { embedded = try EmbeddedImages(path: images) } else { embedded = nil }
    var samples: [BenchmarkSample] = []
    for (id, item) in items.sorted(by: { $0.key < $1.key }) {
      // The scripts take the first image that the file of images has.
      guard let key = item.images.first(where: { embedded?.contains($0) ?? true }) else {
        throw .malformed(
          file: file, place: "data.\(id).image_ids", problem: "none is in the file of images")
      }
      guard ["A", "B", "C", "D"].contains(item.answer) else {
        throw .malformed(file: file, place: "data.\(id).answer", problem: "expected A, B, C or D")
      }
      let lines = item.instruction.replacing(" A.", with: "\nA.").replacing(", B.", with: "\nB.")
        .replacing(", C.", with: "\nC.").replacing(", D.", with: "\nD.")
      samples.append(
        BenchmarkSample(
          id: .text(id), image: embedded.map { .embedded($0, key: key) } ?? .files([key]),
          question: item.instruction,
          prompt: lines + "\nAnswer with the option's letter from the given choices directly.",
          truths: [item.answer]))
    }
    return samples
  }

  /// A file of questions or of answers; inactive entries have nothing but an id.
  private struct RSVQAFile: Decodable {
    struct Question: Decodable {
      let id: Int
      let active: Bool
      let image: Int?
      let type: String?
      let question: String?

      enum CodingKeys: String, CodingKey {
        case id, active, type, question
        case image = "img_id"
      }
    }
    struct Answer: Decodable {
      let active: Bool
      let question: Int?
      let answer: String?

      enum CodingKeys: String, CodingKey {
        case active, answer
        case question = "question_id"
      }
    }
    let questions: [Question]?
    let answers: [Answer]?
  }

  func rsVQA() throws(EvaluationError) -> [BenchmarkSample] {
    var questions: (file: String, items: [RSVQAFile.Question])?
    var answers: [RSVQAFile.Answer]?
    for file in files {
      let contents = try JSONFile.decode(RSVQAFile.self, from: file)
      if let items = contents.questions { questions = (file, items) }
      if let items = contents.answers { answers = items }
    }
    guard let questions, let answers, files.count == 2 else {
      throw .unsuitableFiles("rsvqa has two annotation files: give the questions and the answers")
    }
    var truths: [Int: String] = [:]
    for answer in answers where answer.active {
      if let id = answer.question, let text = answer.answer { truths[id] = text }
    }
    var samples: [BenchmarkSample] = []
    for (index, item) in questions.items.enumerated() where item.active {
      guard let imageID = item.image, let type = item.type, let question = item.question else {
        throw .malformed(
          file: questions.file, place: "questions[\(index)]",
          problem: "an active question has the fields img_id, type and question")
      }
      guard ["presence", "comp"].contains(type) else { continue }
      guard let truth = truths[item.id] else {
        throw .malformed(
          file: questions.file, place: "questions[\(index)].id",
          problem: "question \(item.id) has no active answer in the file of answers")
      }
      samples.append(
        BenchmarkSample(
          id: .number(item.id),
          image: try image(
            ["\(imageID).png", "\(imageID).tif"], file: questions.file,
            place: "questions[\(index)].img_id"),
          question: question, prompt: "\(question)\n\(Benchmark.shortAnswer)", truths: [truth],
          groups: [type]))
    }
    return samples
  }
}
