import Testing

@testable import FlexVLM

/// Which question an answer belongs to, in files of flexvlm and of others.
@Suite struct AnswerJoinTests {
  private func data(_ benchmark: Benchmark, _ files: String...) throws -> BenchmarkData {
    try BenchmarkData(
      benchmark, annotations: files.map { Fixture.path("benchmarks/\($0)") }, images: nil)
  }

  private func join(_ data: BenchmarkData, _ answers: String) throws -> [Int] {
    let folder = try TemporaryFolder()
    let file = try folder.write(answers, to: "answers.jsonl")
    return try data.score(AnswerRecord.read(contentsOfFile: file), file: "answers.jsonl")
      .map(\.index)
  }

  private func fault(_ data: BenchmarkData, _ answers: String) -> String {
    let error = #expect(throws: EvaluationError.self) { try join(data, answers) }
    return error.map { "\($0)" } ?? ""
  }

  /// Questions that TextVQA's own rule takes for lost or for one: line feeds, one asked twice.
  private func makeTextVQA() throws -> BenchmarkData {
    let folder = try TemporaryFolder()
    let items = [#"what is\nthe total?"#, "what?", "what?", #"what is it?\n"#].enumerated().map {
      #"{"question_id": \#(100 + $0), "image_id": "a", "question": "\#($1)", "answers": ["\#($0)"]}"#
    }
    let file = try folder.write(
      #"{"data": [\#(items.joined(separator: ","))]}"#, to: "val.json")
    return try BenchmarkData(.textvqa, annotations: [file], images: nil)
  }

  @Test("flexvlm's answers say where they belong; id and words show whether that is so")
  func ownIndex() throws {
    let data = try makeTextVQA()
    func line(_ index: Int, _ question: String, id: String = #""a""#) -> String {
      #"{"question_id": \#(id), "prompt": "\#(question)\nX", "text": "0", "metadata": {"index": \#(index)}}"#
        + "\n"
    }
    let lines = line(0, #"what is\nthe total?"#) + line(2, "what?") + line(1, "what?")
    #expect(try join(data, lines) == [0, 2, 1])
    #expect(fault(data, line(1, "what?") + line(1, "what?")).contains("line 2: question 1 has"))
    #expect(
      fault(data, line(0, "what?")).contains("line 1: question 0 of the annotations is another"))
    #expect(fault(data, line(9, "what?", id: #""b""#)).contains("no such question about b"))
    #expect(fault(data, line(-1, "what?", id: #""b""#)).contains("no such question about b"))
  }

  @Test("TextVQA's answers by its own question_id: lines, a list, an object")
  func questionIDs() throws {
    let data = try makeTextVQA()
    let lines =
      #"{"question_id": 103, "answer": "3"}"# + "\n" + #"{"question_id": 100, "text": "0"}"#
    #expect(try join(data, lines) == [3, 0])
    #expect(try join(data, #"[{"question_id": 101, "answer": 1}]"#) == [1])
    #expect(try join(data, #"{"102": "2", "100": ["0"]}"#) == [0, 2])
    #expect(fault(data, #"{"7": "2"}"#).contains("no such question about 7"))
  }

  @Test("DocVQA's submissions are a list of questionId and answer")
  func submissions() throws {
    let data = try data(.docvqa, "docvqa_val.json")
    let list = #"[{"questionId": 24580, "answer": "Smith"}, {"questionId": 49153, "answer": "x"}]"#
    #expect(try join(data, list) == [1, 0])
  }

  @Test(
    "Questions are found in prompts of every known form",
    arguments: [
      ("Q a?\nAnswer.", "Q a?"), ("Q\nReference OCR token: A\nAnswer.", "Q"),
      ("Reference OCR token: A\nQ\nAnswer.", "Q"),
      ("OCR tokens: a, b. Question: How\nmany? Short answer:", "How\nmany?"),
      ("USER: <image>\nQ\nAnswer. ASSISTANT:", "Q"), ("Q", nil), ("a\nb\nc", nil),
      ("OCR tokens: a", nil), ("", nil),
      ("Q\nq\nAnswer the question using a single word or phrase.", "Q\nq"),
      ("Q\nq\nReference OCR token: A\nAnswer.", "Q\nq"),
      ("USER: <image>\nQ\nq\nAnswer. ASSISTANT:", "Q\nq"),
    ] as [(String, String?)])
  func prompts(prompt: String, expected: String?) {
    #expect(TextVQAPrompt.question(of: prompt) == expected)
  }

  @Test("An answer without a question is an error with its line")
  func unknown() throws {
    let data = try data(.textvqa, "TextVQA_val.json")
    #expect(
      fault(data, #"{"question_id": "zz", "prompt": "Q\nAnswer.", "text": "a"}"#)
        .hasPrefix("'answers.jsonl', line 1: the annotations have no such question"))
    #expect(
      fault(data, #"{"question_id": "0a1b", "prompt": "Q", "text": "a"}"#)
        .contains("none of the known forms"))
    #expect(
      fault(data, #"{"question_id": "0a1b", "text": "a"}"#).contains("no such question about"))
    #expect(fault(data, "{}").contains("line 1, question_id: the field is missing"))
    #expect(fault(data, "[]x").contains("not JSON"))
    #expect(try join(data, "\n") == [])
  }

  @Test("POPE's answers: by LLaVA's ids in any order, else in the order of the questions")
  func pope() throws {
    let pope = try data(.pope, "coco_pope_random.json", "coco_pope_popular.json")
    func lines(_ ids: [Int], _ order: [Int]) -> String {
      zip(ids, order).map { id, index in
        let prompt = "\(pope.samples[index].question)\\nAnswer."
        return #"{"question_id": \#(id), "prompt": "\#(prompt)", "text": "no"}"# + "\n"
      }.joined()
    }
    let ids = [20_000_002, 10_000_001, 20_000_001]
    #expect(try join(pope, lines(ids, [3, 0, 2])) == [3, 0, 2])
    // As 'eval jsonl' writes them for LLaVA's question file: its index is that of another file.
    let own = lines(ids, [3, 0, 2]).replacing("\"no\"", with: #""no", "metadata": {"index": 0}"#)
    #expect(try join(pope, own) == [3, 0, 2])
    #expect(try join(pope, lines([1, 2, 1, 2], [0, 1, 2, 3])) == [0, 1, 2, 3])
    #expect(try join(pope, lines([5, 5], [0, 1])) == [0, 1])
    #expect(throws: EvaluationError.self) { try join(pope, lines([5, 5], [1, 0])) }
    #expect(throws: EvaluationError.self) { try join(pope, lines([10_000_002], [3])) }
    let alone = try data(.pope, "coco_pope_random.json")
    #expect(try join(alone, lines([2, 1], [1, 0])) == [1, 0])
    #expect(try join(alone, lines([2], [1])) == [1])
  }
}
