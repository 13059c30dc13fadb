import Testing

@testable import FlexVLM

@Suite struct ScoringTests {
  private func data(_ benchmark: Benchmark, _ files: [String]) throws -> BenchmarkData {
    try BenchmarkData(
      benchmark, annotations: files.map { Fixture.path("benchmarks/\($0)") }, images: nil)
  }

  private func score(_ data: BenchmarkData, answers: String) throws -> [ScoredAnswer] {
    let file = Fixture.path("benchmarks/\(answers)")
    return try data.score(AnswerRecord.read(contentsOfFile: file), file: answers)
  }

  /// Answers in the order of the questions, as flexvlm writes them.
  private func own(
    _ data: BenchmarkData, _ texts: [String], error: String? = nil
  ) throws -> [ScoredAnswer] {
    let records = texts.enumerated().map { index, text in
      var metadata = AnswerRecord.Metadata()
      (metadata.index, metadata.error) = (index, error)
      return (
        line: index + 1,
        value: AnswerRecord(
          questionID: data.samples[index].id, prompt: data.samples[index].prompt, text: text,
          answerID: "a", modelID: "m", metadata: metadata)
      )
    }
    return try data.score(records, file: "own")
  }

  @Test("LLaVA's answers, with an OCR line and without")
  func llavaAnswers() throws {
    let data = try data(.textvqa, ["TextVQA_val.json"])
    let answers = try score(data, answers: "textvqa_answers_llava.jsonl")
    #expect(answers.map(\.index) == [0, 2])
    #expect(answers.map(\.score) == [1.0, 0.6])
    let summary = data.summary(answers)
    #expect((summary.questions, summary.answered, summary.failed) == (3, 2, 0))
    #expect((100 * summary.rows[0].mean).fixed(2) == "80.00")
  }

  @Test("FlexAttention's answers: file names as ids, the whole chat as prompt")
  func flexAttentionAnswers() throws {
    let data = try data(.textvqa, ["TextVQA_val.json"])
    let answers = try score(data, answers: "textvqa_answers_flexattention.jsonl")
    #expect(answers.map(\.index) == [0, 1, 2])
    #expect(answers.map { $0.score?.fixed(2) } == ["1.00", "0.60", "0.00"])
    let other = try score(data, answers: "textvqa_answers_llava.jsonl")
    let comparison = try #require(data.compare(answers, other))
    #expect((comparison.count, comparison.wins, comparison.losses) == (2, 0, 1))
    #expect(abs(comparison.difference + 0.3) < 1e-12)
  }

  @Test("Groups, averages and details")
  func groups() throws {
    let pope = try data(.pope, ["coco_pope_random.json", "coco_pope_popular.json"])
    let summary = try pope.summary(own(pope, ["Yes", "yes", "no", "No, there is none"]))
    #expect(summary.rows.map(\.name) == ["overall", "random", "popular"])
    #expect(summary.rows.map(\.mean) == [0.5, 0.5, 0.5])
    #expect(summary.rows[1].details["F1"] == 2.0 / 3)
    #expect(summary.rows[1].details["yes ratio"] == 1)
    #expect(summary.rows[2].details["F1"] == 0)

    let remote = try data(.rsvqa, ["USGS_questions.json", "USGS_answers.json"])
    let table = try remote.summary(own(remote, ["Yes", "yes"]))
    #expect(table.rows.map(\.mean) == [0.5, 1, 0])
    #expect(table.rows[0].details["average of types"] == 0.5)

    let documents = try data(.docvqa, ["docvqa_val.json"])
    let types = try documents.summary(own(documents, ["1/8/93", "smith"]))
    #expect(types.rows.map(\.name) == ["overall", "handwritten", "form"])
    #expect(types.rows.map(\.mean) == [1, 1, 1])

    let lines = try data(.jsonl, ["questions.jsonl"])
    let exact = try lines.summary(own(lines, ["The cat.", "anything"]))
    #expect(exact.rows.map(\.count) == [1, 1])
    #expect(exact.rows[0].details["ANLS"] == 0.5)
  }

  @Test("A question without an answer is wrong, whatever the truths are")
  func failures() throws {
    let folder = try TemporaryFolder()
    let truths = ["", "a", "the", "?"].map { truth in
      #"{"question_id": "\#(truth)", "image": "x.png", "text": "q?", "answer": "\#(truth)"}"#
    }
    let lines = try BenchmarkData(
      .jsonl, annotations: [folder.write(truths.joined(separator: "\n"), to: "q.jsonl")],
      images: nil)
    let table = try lines.summary(own(lines, ["", "", "", ""], error: "no image"))
    #expect(table.rows[0].mean == 0 && table.rows[0].details["ANLS"] == 0)
    #expect((table.answered, table.failed, table.firstFailure) == (0, 4, "no image"))
    // An answer that is empty is scored as the official scorer does.
    #expect(try lines.summary(own(lines, ["", "", "", ""])).rows[0].mean == 1)

    let pope = try data(.pope, ["coco_pope_random.json"])
    let details = try pope.summary(own(pope, ["", ""], error: "no image")).rows[0]
    #expect(details.mean == 0 && details.details["yes ratio"] == 0 && details.details["F1"] == 0)
    #expect(try pope.summary(own(pope, ["", ""])).rows[0].mean == 0.5)
  }

  @Test("Ten truths are scored as TextVQA's, fewer as one to be met")
  func fewTruths() throws {
    let folder = try TemporaryFolder()
    func item(_ answers: String) -> String {
      #"{"question": "q \#(answers.count)?", "image_id": "a", "answers": \#(answers)}"#
    }
    let ten = "[" + Array(repeating: "\"x\"", count: 10).joined(separator: ",") + "]"
    let file = try folder.write(
      #"{"data": [\#([ten, "\"x\"", "7", "[7.5, \"x\"]"].map(item).joined(separator: ","))]}"#,
      to: "val.json")
    let data = try BenchmarkData(.textvqa, annotations: [file], images: nil)
    #expect(try own(data, ["x", "X.", "seven", "7.5"]).map(\.score) == [1, 1, 1, 1])
    #expect(try own(data, ["y", "y", "y", "y"]).map(\.score) == [0, 0, 0, 0])
    #expect(
      data.protocolText.hasSuffix("; where there are not ten truths, one of them must be met"))
  }

  @Test("A record survives its line, and other tools' metadata does no harm")
  func records() throws {
    var metadata = AnswerRecord.Metadata()
    metadata.index = 3
    metadata.cells = [0, 2]
    metadata.selectedShare = 0.25
    let record = AnswerRecord(
      questionID: .number(7), prompt: "a/b\n\"c\"", text: "é\u{1F600}", answerID: "x", modelID: "m",
      metadata: metadata)
    let folder = try TemporaryFolder()
    let foreign = #"{"question_id": "q", "prompt": "p", "text": "t", "metadata": {"index": "no"}}"#
    let file = try folder.write(record.line + "\n" + foreign, to: "answers.jsonl")
    let lines = try AnswerRecord.read(contentsOfFile: file)
    #expect(lines.map(\.line) == [1, 3])
    #expect(lines[0].value == record)
    #expect(lines[1].value.metadata == nil)
    #expect(!record.line.dropLast().contains("\n"))
  }
}
