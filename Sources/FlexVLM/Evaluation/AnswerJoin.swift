/// Finds the questions that a file's answers belong to.
///
/// All answers of a file are joined in one way, the first that fits every one of them: by the index
/// that flexvlm writes, by ids if these tell questions apart, and, where that index is missing, as the
/// benchmark's own script joins them.
struct AnswerJoin {
  typealias Line = (line: Int, value: AnswerRecord)

  /// Why a line has no question.
  struct Failure: Error {
    let line: Int
    let problem: String
  }

  private let data: BenchmarkData

  init(_ data: BenchmarkData) { self.data = data }

  private enum Way {
    case index
    case id([[UInt8]: Int])
    case order
    case prompt
  }

  /// - Returns: for each answer the position of its question.
  func indices(of lines: [Line]) throws(Failure) -> [Int] {
    let isOwn = lines.allSatisfy { $0.value.metadata?.index != nil }
    var failure: Failure?
    for way in ways(lines, isOwn: isOwn) {
      do throws(Failure) {
        return try indices(of: lines, way)
      } catch {
        // Of others' files the rule of the benchmark's script, the last, says best what is wrong.
        failure = isOwn ? failure ?? error : error
      }
    }
    throw failure!
  }

  /// At least one.
  private func ways(_ lines: [Line], isOwn: Bool) -> [Way] {
    let ids = [uniqueIDs(\.id), uniqueIDs(\.ownID)].compactMap(\.self).map(Way.id)
    if data.benchmark == .pope { return (isOwn ? [.index] : []) + ids + [.order] }
    if isOwn { return [.index] + ids }
    // Bare answers have no prompt to go by.
    return lines.contains { !$0.value.prompt.isEmpty } || ids.isEmpty ? ids + [.prompt] : ids
  }

  private func indices(of lines: [Line], _ way: Way) throws(Failure) -> [Int] {
    switch way {
    case .index: try byIndex(lines)
    case .id(let positions): try byID(lines, positions)
    case .order: try byOrder(lines)
    case .prompt: try byPrompt(lines)
    }
  }

  // MARK: - By what tells questions apart

  private func byIndex(_ lines: [Line]) throws(Failure) -> [Int] {
    try each(lines) { record in
      guard let index = record.metadata?.index, data.samples.indices.contains(index),
        isID(record.questionID, of: data.samples[index])
      else { return nil }
      return index
    }
  }

  private func byID(_ lines: [Line], _ ids: [[UInt8]: Int]) throws(Failure) -> [Int] {
    try each(lines) { record in ids[Self.bytes(record.questionID)] }
  }

  /// Joins each answer to a question of its own, whose words the prompt must hold.
  private func each(
    _ lines: [Line], _ find: (AnswerRecord) -> Int?
  ) throws(Failure) -> [Int] {
    var seen: Set<Int> = []
    var indices: [Int] = []
    for (line, record) in lines {
      guard let index = find(record) else { throw .unknown(line, record) }
      guard asks(record.prompt, data.samples[index]) else {
        throw Failure(line: line, problem: "question \(index) of the annotations is another one")
      }
      guard seen.insert(index).inserted else {
        throw Failure(line: line, problem: "question \(index) has an answer already")
      }
      indices.append(index)
    }
    return indices
  }

  /// The positions of ids; nil where ids are missing or shared.
  private func uniqueIDs(_ id: (BenchmarkSample) -> SampleID?) -> [[UInt8]: Int]? {
    var positions: [[UInt8]: Int] = [:]
    for (index, sample) in data.samples.enumerated() {
      guard let id = id(sample), positions.updateValue(index, forKey: Self.bytes(id)) == nil
      else { return nil }
    }
    return positions
  }

  private func isID(_ id: SampleID, of sample: BenchmarkSample) -> Bool {
    [sample.id, sample.ownID ?? sample.id].contains { Self.bytes($0) == Self.bytes(id) }
  }

  /// Bytes, for Swift's texts compare differently.
  private static func bytes(_ id: SampleID) -> [UInt8] { Array(id.description.utf8) }

  /// Whether a prompt is about the question, case disregarded; files of bare answers have none.
  private func asks(_ prompt: String, _ sample: BenchmarkSample) -> Bool {
    let text = CodePoints(prompt).lowered()
    return prompt.isEmpty
      || [sample.question, sample.prompt].contains { text.contains(part: CodePoints($0).lowered()) }
  }

  // MARK: - As the benchmarks' own scripts do

  /// The rule of LLaVA's `eval_textvqa.py`; FlexAttention's file names are ids with an extension.
  private func byPrompt(_ lines: [Line]) throws(Failure) -> [Int] {
    var positions: [[UInt8]: Int] = [:]
    for (index, sample) in data.samples.enumerated() {
      // Of two equal questions about an image the later one counts, as in the script.
      positions[Self.key("\(sample.id)", sample.question)] = index
    }
    var indices: [Int] = []
    for (line, record) in lines {
      guard let question = TextVQAPrompt.question(of: record.prompt) else {
        throw Failure(line: line, problem: "the prompt has none of the known forms")
      }
      let id = "\(record.questionID)"
      let stem = String(id.prefix { $0 != "." })
      guard
        let index = positions[Self.key(id, question)] ?? positions[Self.key(stem, question)]
      else { throw .unknown(line, record) }
      indices.append(index)
    }
    return indices
  }

  /// POPE numbers the questions of each file anew: answers come in the order of the questions.
  private func byOrder(_ lines: [Line]) throws(Failure) -> [Int] {
    for (position, (line, record)) in lines.enumerated() {
      guard position < data.samples.count else {
        throw Failure(line: line, problem: "there are more answers than questions")
      }
      let sample = data.samples[position]
      guard !record.prompt.isEmpty, asks(record.prompt, sample) else {
        throw Failure(
          line: line,
          problem: "the answers are not in the order of the annotations, where "
            + "'\(sample.question)' is next")
      }
    }
    return Array(lines.indices)
  }

  /// A question about an image, case disregarded.
  static func key(_ image: String, _ question: String) -> [UInt8] {
    Array(image.utf8) + [0] + Array(CodePoints(question).lowered().text.utf8)
  }
}

extension AnswerJoin.Failure {
  fileprivate static func unknown(_ line: Int, _ record: AnswerRecord) -> Self {
    Self(
      line: line, problem: "the annotations have no such question about \(record.questionID)")
  }
}
