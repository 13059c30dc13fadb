/// Finds the question that a line of answers belongs to.
struct AnswerJoin {
  private let data: BenchmarkData
  private var indexByQuestion: [[UInt8]: Int] = [:]
  private var indexByID: [[UInt8]: Int] = [:]
  private let idsAreUnique: Bool
  /// Next question, for files without usable ids whose order tells.
  private var next = 0

  init(_ data: BenchmarkData) {
    self.data = data
    for (index, sample) in data.samples.enumerated() {
      // Of two equal questions about an image the later one counts, as in `eval_textvqa.py`.
      indexByQuestion[Self.key(sample.id.description, sample.question)] = index
      indexByID[Array(sample.id.description.utf8)] = index
    }
    idsAreUnique = indexByID.count == data.samples.count
  }

  /// - Returns: the position of the question.
  mutating func index(of record: AnswerRecord) throws(JoinFailure) -> Int {
    switch data.benchmark {
    case .textvqa: try indexByPrompt(of: record)
    case _ where record.metadata?.index != nil: try ownIndex(record.metadata!.index!, of: record)
    case .pope: try indexByOrder(of: record)
    default:
      if idsAreUnique {
        try Self.found(indexByID[Array(record.questionID.description.utf8)], record)
      } else {
        try indexByPrompt(of: record)
      }
    }
  }

  /// Why a line has no question.
  struct JoinFailure: Error {
    let problem: String
  }

  /// Lines of flexvlm say where they belong; id and prompt show whether that is so.
  private func ownIndex(_ index: Int, of record: AnswerRecord) throws(JoinFailure) -> Int {
    guard data.samples.indices.contains(index), data.samples[index].id == record.questionID,
      data.samples[index].prompt.utf8.elementsEqual(record.prompt.utf8)
    else {
      throw JoinFailure(problem: "question \(index) of the annotations is another one")
    }
    return index
  }

  /// The rule of LLaVA's `eval_textvqa.py`; FlexAttention's file names are ids with an extension.
  private func indexByPrompt(of record: AnswerRecord) throws(JoinFailure) -> Int {
    guard let question = Self.question(ofPrompt: record.prompt) else {
      throw JoinFailure(problem: "the prompt has none of the known forms")
    }
    let id = record.questionID.description
    let stem = id.prefix { $0 != "." }
    return try Self.found(
      indexByQuestion[Self.key(id, question)] ?? indexByQuestion[Self.key(String(stem), question)],
      record)
  }

  /// POPE numbers the questions of each file anew: answers come in the order of the questions.
  private mutating func indexByOrder(of record: AnswerRecord) throws(JoinFailure) -> Int {
    guard next < data.samples.count else {
      throw JoinFailure(problem: "there are more answers than questions")
    }
    let question = data.samples[next].question
    guard record.prompt.contains(question) else {
      throw JoinFailure(
        problem: "the answers are not in the order of the annotations, where '\(question)' is next")
    }
    next += 1
    return next - 1
  }

  private static func found(_ index: Int?, _ record: AnswerRecord) throws(JoinFailure) -> Int {
    guard let index else {
      throw JoinFailure(problem: "the annotations have no such question about \(record.questionID)")
    }
    return index
  }

  /// A question about an image, case disregarded; bytes, for Swift's texts compare differently.
  static func key(_ image: String, _ question: String) -> [UInt8] {
    Array(image.utf8) + [0] + Array(CodePoints(question).lowered().text.utf8)
  }

  /// The question within a prompt; nil for a prompt of unknown form.
  static func question(ofPrompt prompt: String) -> String? {
    let lines = prompt.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if prompt.hasPrefix("OCR tokens: ") {
      return prompt.firstMatch(of: /(?s)Question: (.*?) Short answer:/).map { String($0.1) }
    }
    if prompt.contains("Reference OCR token: "), lines.count == 3 {
      return prompt.hasPrefix("Reference OCR token:") ? lines[1] : lines[0]
    }
    if lines.count == 2 { return lines[0] }
    // FlexAttention stores the whole chat; its first line ends with the image.
    if prompt.contains("ASSISTANT:"), lines.count > 1 { return lines[1] }
    return nil
  }
}
