import Testing

@testable import FlexVLM

/// Every published layout in small (`Fixtures/benchmarks`), and files that are not what they claim.
@Suite struct BenchmarkReadingTests {
  private static func path(_ name: String) -> String { Fixture.path("benchmarks/\(name)") }

  private func read(
    _ benchmark: Benchmark, _ files: [String], images: String? = "img",
    _ options: BenchmarkOptions = .init()
  ) throws -> BenchmarkData {
    try BenchmarkData(
      benchmark, annotations: files.map(Self.path), images: images, options: options)
  }

  @Test("TextVQA without OCR tokens")
  func textVQA() throws {
    let data = try read(.textvqa, ["TextVQA_val.json"])
    #expect(data.samples.map(\.id) == [.text("0a1b"), .text("0a1b"), .text("ff02")])
    #expect(data.samples[0].image == .files(["img/0a1b.jpg"]))
    #expect(data.samples[1].question == "Which COLOUR is it?")
    #expect(
      data.samples[1].prompt
        == "Which COLOUR is it?\nAnswer the question using a single word or phrase.")
    #expect(data.samples.allSatisfy { $0.truths.count == 10 })
    #expect(data.protocolText.hasPrefix("without OCR tokens"))
  }

  @Test("TextVQA with the OCR tokens of LLaVA's question file")
  func textVQAWithOCR() throws {
    var options = BenchmarkOptions()
    options.usesOCRTokens = true
    let files = ["TextVQA_val.json", "llava_textvqa_val_v051_ocr.jsonl"]
    let data = try read(.textvqa, files, options)
    #expect(
      data.samples[1].prompt.hasPrefix("Which colour is it?\nReference OCR token: STOP, ALL\n"))
    #expect(data.protocolText.hasPrefix("with OCR tokens"))
    #expect(throws: EvaluationError.self) { try read(.textvqa, [files[0]], options) }
    #expect(throws: EvaluationError.self) { try read(.textvqa, files) }
  }

  @Test("V*Bench: subsets in order, one prompt for each protocol")
  func vStar() throws {
    let data = try read(.vstar, ["vstar"], images: nil)
    #expect(
      data.samples.map(\.id) == [
        .text("direct_attributes/sa_1"), .text("direct_attributes/sa_2"),
        .text("relative_position/sa_9"),
      ])
    #expect(data.samples[1].options.count == 4)
    #expect(data.samples[2].groups == ["relative_position"])
    #expect(data.samples[2].image.name.hasSuffix("vstar/relative_position/sa_9.jpg"))
    #expect(
      data.samples[2].prompt.hasSuffix("\nAnswer the question using a single word or phrase."))
    var options = BenchmarkOptions()
    options.optionProtocol = .official
    #expect(try read(.vstar, ["vstar"], options).samples[2].prompt == data.samples[2].question)
    #expect(try read(.vstar, ["vstar/relative_position"]).samples.count == 1)
  }

  @Test("MagnifierBench: options on lines, images out of Base64")
  func magnifier() throws {
    let data = try read(
      .magnifier, ["magnifier_instructions.json"], images: Self.path("magnifier_images.json"))
    #expect(
      data.samples[0].prompt
        == "How many bags?\nA. one\nB. two\nC. three\nD. four\n"
        + "Answer with the option's letter from the given choices directly.")
    #expect(data.samples.map(\.truths) == [["B"], ["C"]])
    guard case .embedded(let images, let key) = data.samples[1].image else {
      Issue.record("no embedded image")
      return
    }
    let image = try RGBImage(decoding: images.bytes(of: key), name: key)
    #expect((image.width, image.height) == (7, 5))
  }

  @Test("RSVQA: active questions of two types, joined with their answers")
  func rsVQA() throws {
    let data = try read(.rsvqa, ["USGS_answers.json", "USGS_questions.json"])
    #expect(data.samples.map(\.id) == [.number(0), .number(3)])
    #expect(data.samples.map(\.truths) == [["yes"], ["no"]])
    #expect(data.samples.map(\.groups) == [["presence"], ["comp"]])
    #expect(data.samples[0].image == .files(["img/5.png", "img/5.tif"]))
    #expect(throws: EvaluationError.self) { try read(.rsvqa, ["USGS_questions.json"]) }
  }

  @Test("DocVQA: with and without the folder in image names")
  func docVQA() throws {
    let data = try read(.docvqa, ["docvqa_val.json"])
    guard case .files(let paths) = data.samples[0].image else { return }
    #expect(paths == ["img/documents/pybv0228_81.png", "img/pybv0228_81.png"])
    #expect(data.samples[0].groups == ["handwritten", "form"])
    #expect(data.samples[1].truths == ["R. Smith", "Smith"])
  }

  @Test("ChartQA and POPE: a group for each file")
  func groups() throws {
    let charts = try read(.chartqa, ["test_human.json", "test_augmented.json"])
    #expect(charts.samples.map(\.groups) == [["human"], ["human"], ["augmented"]])
    let pope = try read(.pope, ["coco_pope_random.json", "coco_pope_popular.json"])
    #expect(pope.samples.map(\.groups) == [["random"], ["random"], ["popular"], ["popular"]])
    #expect(pope.samples[3].truths == ["no"])
  }

  @Test("Question files: OCR lines go unless wanted")
  func questionFiles() throws {
    let data = try read(.jsonl, ["questions.jsonl"])
    #expect(data.samples.map(\.prompt) == ["What is this?\nBe brief.", "And this?"])
    #expect(data.samples.map(\.truths) == [["a cat", "cat"], []])
    var options = BenchmarkOptions()
    options.usesOCRTokens = true
    let whole = try read(.jsonl, ["questions.jsonl"], options)
    #expect(whole.samples[0].prompt.contains("Reference OCR token: A, B"))
  }

  @Test(
    "What is wrong is said with its place",
    arguments: [
      (.textvqa, "", "top level: not JSON"),
      (.textvqa, "{\"data\": 3}", "data: expected a list"),
      (.textvqa, "{}", "data: the field is missing"),
      (.textvqa, "{\"data\": [{\"question\": \"q\"}]}", "data[0].image_id: the field is missing"),
      (
        .textvqa, "{\"data\": [{\"question\": 1, \"image_id\": \"a\"}]}",
        "data[0].question: expected a text"
      ),
      (
        .textvqa, "{\"data\": [{\"question\": \"q\", \"image_id\": \"a\", \"answers\": [\"x\"]}]}",
        "data[0].answers: 1 answers"
      ),
      (
        .textvqa, "{\"data\": [{\"question\": \"q\", \"image_id\": \"../../key\"}]}",
        "does not name an image in the folder"
      ),
      (.textvqa, "{\"data\": []}", "the annotations hold no question"),
      (
        .textvqa, String(repeating: "[", count: 100_000), "top level"
      ),
      (
        .chartqa, "[{\"imgname\": \"/etc/x.png\", \"query\": \"q\", \"label\": \"1\"}]",
        "[0].imgname"
      ),
      (
        .chartqa, "[{\"imgname\": \"x.png\", \"query\": \"q\", \"label\": 1}]",
        "[0].label: expected"
      ),
      (.pope, "{\"question_id\": 1, \"text\": \"q\", \"label\": \"no\"}", "line 1, image"),
      (.pope, "\n{\"question_id\": true}", "line 2, question_id"),
      (.docvqa, "{\"data\": [{\"questionId\": 1, \"question\": \"q\"}]}", "data[0].image"),
      (.magnifier, "{\"data\": {\"a\": {\"instruction\": \"q\"}}}", "data.a.answer"),
      (
        .magnifier,
        "{\"data\": {\"a\": {\"instruction\": \"q\", \"answer\": \"E\", \"image_ids\": [\"i\"]}}}",
        "expected A, B, C or D"
      ),
      (.jsonl, "{\"question_id\": 1, \"text\": \"q\"}", "line 1, image"),
    ] as [(Benchmark, String, String)])
  func hostile(benchmark: Benchmark, text: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "annotations.json")
    let error = #expect(throws: EvaluationError.self) {
      try BenchmarkData(benchmark, annotations: [file], images: nil)
    }
    #expect("\(error!)".contains(expected), "\(error!)")
  }

  @Test(
    "Files of embedded images that are none",
    arguments: [
      ("", "the file ends early"), ("[]", "expected '{'"), ("{\"a\"", "the file ends early"),
      ("{\"a\": 3}", "expected '\"'"), ("{\"a\": \"b", "the text has no end"),
      ("{\"a\": \"b\" \"c\"", "expected ','"), ("{\"a\\\"\": \"b\"}", "unexpected escape"),
    ] as [(String, String)])
  func hostileImages(text: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "images.json")
    let error = #expect(throws: EvaluationError.self) { try EmbeddedImages(path: file) }
    #expect("\(error!)".contains(expected), "\(error!)")
  }
}
