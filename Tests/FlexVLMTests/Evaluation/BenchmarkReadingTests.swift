import Foundation
import Testing

@testable import FlexVLM

/// Every published layout in small (`Fixtures/benchmarks`), and files that are not what they claim.
@Suite struct BenchmarkReadingTests {
  private static func path(_ name: String) -> String { Fixture.path("benchmarks/\(name)") }

  private func read(
    _ benchmark: Benchmark, _ files: [String], images: String? = nil,
    _ options: BenchmarkOptions = .init()
  ) throws -> BenchmarkData {
    try BenchmarkData(
      benchmark, annotations: files.map(Self.path), images: images, options: options)
  }

  @Test("TextVQA without OCR tokens")
  func textVQA() throws {
    let data = try read(.textvqa, ["TextVQA_val.json"])
    #expect(data.samples.map(\.id) == [.text("0a1b"), .text("0a1b"), .text("ff02")])
    #expect(data.samples[0].image.name == "0a1b.jpg")
    #expect(data.samples.map(\.ownID) == [.number(34602), .number(34603), .number(34604)])
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
    #expect(data.samples[2].image.name == "relative_position/sa_9.jpg")
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
    #expect(data.samples[0].image.name == "5.png")
    #expect(throws: EvaluationError.self) { try read(.rsvqa, ["USGS_questions.json"]) }
  }

  @Test("DocVQA: with and without the folder in image names")
  func docVQA() throws {
    let data = try read(.docvqa, ["docvqa_val.json"])
    guard case .file(let names, nil) = data.samples[0].image else {
      Issue.record("no file")
      return
    }
    #expect(names == ["documents/pybv0228_81.png", "pybv0228_81.png"])
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

  @Test("Question files: byte order marks, other encodings, lists, places of the image")
  func questionTexts() throws {
    let folder = try TemporaryFolder()
    let entry = { (id: Int, text: String) in
      #"{"question_id": \#(id), "image": "a.png", "text": "\#(text)", "answer": \#(id)}"#
    }
    let (first, second) = (entry(1, #"<image>\nred?"#), entry(2, #"blue?\n<image>"#))
    let mark = "\u{FEFF}"
    let utf16 = try #require("\(first)\n\(second)\n".data(using: .utf16))
    try utf16.write(to: URL(filePath: "\(folder.path)/utf16.jsonl"))
    let files = [
      try folder.write("\(mark)\(first)\r\n\(mark)\(second)\r\n", to: "marks.jsonl"),
      try folder.write("\(mark)[\(first), \(second)]", to: "list.json"),
      "\(folder.path)/utf16.jsonl",
    ]
    for file in files {
      let data = try BenchmarkData(.jsonl, annotations: [file], images: nil)
      #expect(data.samples.map(\.prompt) == ["red?", "blue?"], "\(file)")
      #expect(data.samples.map(\.truths) == [["1"], ["2"]])
    }
  }

  @Test("Truths may stand in a file of their own, by the questions' ids")
  func separateTruths() throws {
    let folder = try TemporaryFolder()
    let truths = try folder.write(
      #"[{"question_id": 8, "answer": "that"}, {"question_id": 9, "answer": "none"}]"#,
      to: "truths.json")
    let data = try BenchmarkData(
      .jsonl, annotations: [Self.path("questions.jsonl"), truths], images: nil)
    #expect(data.samples.map(\.truths) == [["a cat", "cat"], ["that"]])
  }

  @Test("POPE: ids as in LLaVA's question file, labels in any case")
  func popeIDs() throws {
    let folder = try TemporaryFolder()
    let files = try ["adversarial", "random", "popular", "mine"].map { category in
      try folder.write(
        #"{"question_id": 1, "image": "a.jpg", "text": "Is it?", "label": " YES"}"#,
        to: "coco_pope_\(category).json")
    }
    let data = try BenchmarkData(.pope, annotations: files, images: nil)
    #expect(
      data.samples.map(\.id) == [1, 10_000_001, 20_000_001, 60_000_001].map(SampleID.number))
    #expect(data.samples.allSatisfy { $0.ownID == .number(1) && $0.truths == ["yes"] })
    let alone = try BenchmarkData(.pope, annotations: [files[3]], images: nil)
    #expect(alone.samples.map(\.id) == [.number(1)])
  }

  @Test("Folders hold all that a benchmark needs; names that begin with a dot are not part of it")
  func folders() throws {
    let folder = try TemporaryFolder()
    func copy(_ names: [String: String], to subfolder: String) throws -> String {
      let path = "\(folder.path)/\(subfolder)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, original) in names {
        try FileManager.default.copyItem(
          atPath: Self.path(original), toPath: "\(path)/\(name)")
        try Data([0, 5, 22, 7]).write(to: URL(filePath: "\(path)/._\(name)"))
      }
      return path
    }
    let magnifier = try copy(
      [
        "data_instructions.json": "magnifier_instructions.json",
        "images.json": "magnifier_images.json",
      ], to: "magnifier")
    let data = try BenchmarkData(.magnifier, annotations: [magnifier], images: nil)
    #expect(try data.samples[0].image.read(.init()).width > 0)
    #expect(Benchmark.magnifier.includesImages([magnifier]))
    #expect(!Benchmark.magnifier.includesImages([magnifier + "/data_instructions.json"]))

    let split = "USGS_split_test_phili_"
    let rsvqa = try copy(
      [
        "\(split)questions.json": "USGS_questions.json",
        "\(split)answers.json": "USGS_answers.json",
        "USGS_split_val_questions.json": "USGS_answers.json",
        "USGS_split_val_answers.json": "USGS_answers.json",
      ], to: "rsvqa")
    try FileManager.default.createDirectory(
      atPath: "\(rsvqa)/Data", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Fixture.path("parity/preproc/7x5.png"), toPath: "\(rsvqa)/Data/5.TIF")
    let scenes = try BenchmarkData(.rsvqa, annotations: [rsvqa], images: nil)
    #expect(scenes.samples.map(\.id) == [.number(0), .number(3)])
    #expect(try scenes.samples[0].image.read(.init()).width == 7)
    #expect(throws: ImageError.self) { try scenes.samples[1].image.read(.init()) }

    let vstar = try copy(["sa_2.json": "vstar/direct_attributes/sa_2.json"], to: "v/OCR")
    #expect(try BenchmarkData(.vstar, annotations: [vstar], images: nil).samples.count == 1)
    let parent = try BenchmarkData(.vstar, annotations: ["\(folder.path)/v"], images: nil)
    #expect(parent.samples.map(\.id) == [.text("OCR/sa_2")])
  }

  @Test("V*Bench as Hugging Face has it is asked for letters")
  func letters() throws {
    let folder = try TemporaryFolder()
    let text = #"""
      {"image": "direct_attributes/sa_1.jpg", "text": "Which?\n(A) red\n(B) blue\nAnswer with the \#
      option's letter from the given choices directly.", "category": "direct_attributes", \#
      "label": "B", "question_id": 0}
      """#
    let file = try folder.write(text.replacing("\n  ", with: ""), to: "test_questions.jsonl")
    for path in [file, folder.path] {
      let data = try BenchmarkData(.vstar, annotations: [path], images: nil)
      #expect(data.samples[0].asksForLetter && data.samples[0].options.isEmpty)
      #expect(data.samples[0].groups == ["direct_attributes"])
      #expect(data.protocolText.hasSuffix("answered by a letter"))
    }
    let lines = try BenchmarkData(.jsonl, annotations: [file], images: nil)
    #expect(lines.samples[0].asksForLetter && lines.samples[0].truths == ["B"])
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
        .textvqa, "{\"data\": [{\"question\": \"q\", \"image_id\": \"a\", \"answers\": [true]}]}",
        "data[0].answers[0]: expected a text"
      ),
      (
        .textvqa, "{\"data\": [{\"question\": \" \", \"image_id\": \"a\"}]}",
        "data[0].question: the question is blank"
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
        .chartqa, "[{\"imgname\": \"x.png\", \"query\": \"q\", \"label\": {\"a\": 1}}]",
        "[0].label"
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
      (
        .pope, "{\"question_id\": 1, \"image\": \"a\", \"text\": \"q\", \"label\": \"maybe\"}",
        "line 1, label: expected yes or no"
      ),
      (.jsonl, "{\"question_id\": 1, \"text\": \"q\"}", "line 1, image"),
      (
        .jsonl, "{\"question_id\": 1, \"image\": \"a\", \"text\": \"<image>\\n\"}",
        "line 1, text: the question is blank"
      ),
      (
        .jsonl, "[{\"question_id\": 1, \"image\": \"a\", \"text\": \"q\"}, {\"image\": \"a\"}]",
        "[1].question_id: the field is missing"
      ),
      (
        .jsonl,
        "{\"question_id\": 1, \"image\": \"a\", \"text\": \"q\", \"answer\": \""
          + String(repeating: "x", count: 9000) + "\"}", "longer than 8192 characters"
      ),
      (
        .vstar,
        "{\"question_id\": 1, \"image\": \"a\", \"text\": \"q (A) x (B) y\", \"label\": \"C\"}",
        "line 1, label: expected the letter of an option"
      ),
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
