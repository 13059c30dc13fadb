#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

// MagnifierBench and RSVQA: folders of several files.

extension BenchmarkReader {
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
    var (file, images) = (try onlyFile(), self.images)
    if FileManager.default.isFolder(file) {
      let (folder, names) = (file, try names(in: file))
      guard let instructions = names.first(where: { $0.hasSuffix("instructions.json") }) else {
        throw .unsuitableFiles("'\(folder)' has no file data_instructions.json")
      }
      file = "\(folder)/\(instructions)"
      images =
        images ?? names.first { $0.hasSuffix("images.json") }.map { "\(folder)/\($0)" } ?? folder
    }
    var embedded: EmbeddedImages?
    var folder: ImageFolder?
    if let images {
      if FileManager.default.isFolder(images) {
        folder = try ImageFolder(images)
      } else {
        embedded = try EmbeddedImages(path: images)
      }
    }
    var samples: [BenchmarkSample] = []
    let items = try JSONFile.decode(MagnifierFile.self, from: file).data
    for (id, item) in items.sorted(by: { $0.key < $1.key }) {
      let place = "data.\(id)"
      // The scripts take the first image that the file of images has.
      guard let key = item.images.first(where: { embedded?.contains($0) ?? true }) else {
        throw .malformed(
          file: file, place: "\(place).image_ids", problem: "none is in the file of images")
      }
      guard ["A", "B", "C", "D"].contains(item.answer) else {
        throw .malformed(file: file, place: "\(place).answer", problem: "expected A, B, C or D")
      }
      let question = try question(item.instruction, file, "\(place).instruction")
      let lines = question.replacing(" A.", with: "\nA.").replacing(", B.", with: "\nB.")
        .replacing(", C.", with: "\nC.").replacing(", D.", with: "\nD.")
      let source =
        if let embedded { ImageSource.embedded(embedded, key: key) } else {
          try image([key], in: folder, file, "\(place).image_ids")
        }
      samples.append(
        BenchmarkSample(
          id: .text(id), image: source, question: question,
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
      let answer: TextList?

      enum CodingKeys: String, CodingKey {
        case active, answer
        case question = "question_id"
      }
    }
    let questions: [Question]?
    let answers: [Answer]?
  }

  func rsVQA() throws(EvaluationError) -> [BenchmarkSample] {
    var (files, folder) = (self.files, try imageFolder())
    if files.count == 1, FileManager.default.isFolder(files[0]) {
      let data = files[0]
      files = try rsVQASplit(data)
      let images = "\(data)/Data"
      folder = try imageFolder(orElse: FileManager.default.isFolder(images) ? images : data)
    }
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
      if let id = answer.question, let text = answer.answer?.texts.first { truths[id] = text }
    }
    var samples: [BenchmarkSample] = []
    for (index, item) in questions.items.enumerated() where item.active {
      let (file, place) = (questions.file, "questions[\(index)]")
      guard let imageID = item.image, let type = item.type, let text = item.question else {
        throw .malformed(
          file: file, place: place,
          problem: "an active question has the fields img_id, type and question")
      }
      guard ["presence", "comp"].contains(type) else { continue }
      guard let truth = truths[item.id] else {
        throw .malformed(
          file: file, place: "\(place).id",
          problem: "question \(item.id) has no active answer in the file of answers")
      }
      let question = try question(text, file, "\(place).question")
      samples.append(
        BenchmarkSample(
          id: .number(item.id), image: .file(["\(imageID).png"], in: folder), question: question,
          prompt: withShortAnswer(question), truths: [truth], groups: [type]))
    }
    return samples
  }

  /// The two files of a folder's only split, or of the one that the benchmark is: Philadelphia.
  private func rsVQASplit(_ folder: String) throws(EvaluationError) -> [String] {
    let end = "questions.json"
    let names = try names(in: folder)
    var splits = names.filter { $0.hasSuffix(end) }.map { $0.dropLast(end.count) }
      .filter { names.contains($0 + "answers.json") }
    if splits.count > 1 { splits = splits.filter { $0.contains("phili") } }
    guard splits.count == 1 else {
      throw .unsuitableFiles(
        "'\(folder)' must have the questions.json and answers.json of one split, or those of phili")
    }
    return [end, "answers.json"].map { "\(folder)/\(splits[0])\($0)" }
  }
}
