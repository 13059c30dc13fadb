import Testing

@testable import FlexVLM

/// What becomes of a question on its way into the model.
@Suite struct PromptTests {
  static let path = Fixture.path("parity/tiny-a/model.gguf")
  static let model = try! VisionLanguageModel(contentsOfFile: path, threads: 1)
  static let bare =
    "A chat between a curious human and an artificial intelligence assistant. The assistant gives "
    + "helpful, detailed, and polite answers to the human's questions. USER: <image>\n{question} "
    + "ASSISTANT:"

  @Test(
    "Byte order marks and an image's place at either end are not part of a question",
    arguments: [
      ("what is it?", "what is it?"), ("  two  spaces ", "  two  spaces "), ("a\n", "a\n"),
      ("\u{FEFF}what?", "what?"), ("wh\u{FEFF}at?\u{FEFF}", "what?"),
      ("<image>\nwhat?", "what?"), ("what?\n<image>", "what?"), ("<image>what?", "what?"),
      (" <image> what? ", "what? "), ("\u{FEFF}<image>\nwhat?\n<image>", "what?"),
      ("what does <image> mean?", "what does <image> mean?"),
      ("<image> <image>\nwhat?", "<image>\nwhat?"), ("<images>", "<images>"),
      ("<IMAGE>", "<IMAGE>"),
      ("", nil), (" \n\t", nil), ("\u{FEFF}", nil), ("<image>", nil), ("<image>\n", nil),
      ("\u{200B}\u{A0}", nil), ("\u{1B}", nil), ("?", "?"), ("é", "é"),
    ] as [(String, String?)])
  func cleaned(text: String, expected: String?) {
    #expect(Query.cleaned(question: text).map(CodePoints.init) == expected.map(CodePoints.init))
  }

  struct Official: Decodable {
    let family: String
    let template: String
    let `case`: String
    let prompts: [String]
    let ids: [[Int]]
  }
  static let official = try! Fixture.json("prompts/official.json", as: [Official].self)

  private func samples(of name: String) throws -> [BenchmarkSample] {
    func read(_ benchmark: Benchmark, _ files: String..., options: BenchmarkOptions = .init())
      throws
      -> [BenchmarkSample]
    {
      try BenchmarkData(
        benchmark, annotations: files.map { Fixture.path("benchmarks/\($0)") }, images: nil,
        options: options
      ).samples
    }
    var options = BenchmarkOptions()
    switch name {
    case "textvqa-ocr":
      options.usesOCRTokens = true
      let questions = "llava_textvqa_val_v051_ocr.jsonl"
      let joined = try read(.textvqa, "TextVQA_val.json", questions, options: options)
      #expect(joined.map(\.prompt) == (try read(.jsonl, questions, options: options)).map(\.prompt))
      return joined
    case "vstar-flex": return try read(.vstar, "vstar")
    case "vstar-official":
      options.optionProtocol = .official
      return try read(.vstar, "vstar", options: options)
    case "textvqa": return try read(.textvqa, "TextVQA_val.json")
    case "magnifier": return try read(.magnifier, "magnifier_instructions.json")
    case "pope": return try read(.pope, "coco_pope_random.json")
    case "docvqa": return try read(.docvqa, "docvqa_val.json")
    default: return try read(.chartqa, "test_human.json")
    }
  }

  @Test(
    "A benchmark's prompt is what the official script sends, id by id, for both model families",
    arguments: official.indices)
  func officialPrompts(index: Int) throws {
    let official = Self.official[index]
    let model = try VisionLanguageModel(
      contentsOfFile: Self.path, threads: 1, promptTemplate: official.template)
    let samples = try samples(of: official.case)
    #expect(samples.count == official.prompts.count)
    for (sample, (prompt, ids)) in zip(samples, zip(official.prompts, official.ids)) {
      let turns = try model.promptTurns(for: .question(sample.prompt), withImage: true)
      #expect(turns.map { $0.joined(separator: "<image>") } == [prompt])
      #expect(try model.tokens(of: turns) == ids)
    }
  }

  @Test("An older file's template does not ask for short answers too")
  func olderFiles() throws {
    let stored = try GGUFFile(path: Self.path).metadata["flexvlm.prompt_template"]
    #expect(
      stored
        == .string(
          Self.bare.replacing(" ASSISTANT:", with: "\n\(PromptTemplate.shortAnswer) ASSISTANT:")))
    #expect(Self.model.configuration.promptTemplate == Self.bare)
    #expect(PromptTemplate.bare("<image>{question}\n") == "<image>{question}\n")
  }

  @Test(
    "A template names both places once",
    arguments: [
      ("<image>{question}", nil), ("{question}<image>", nil),
      ("{question}", "does not name <image> exactly once"),
      ("<image><image>{question}", "does not name <image> exactly once"),
      ("<image>", "does not name {question} exactly once"),
      ("<image>\u{301}{question}{question}\u{301}", "does not name {question} exactly once"),
    ] as [(String, String?)])
  func templateFaults(template: String, fault: String?) throws {
    #expect(PromptTemplate.fault(in: template) == fault)
    let load = { try VisionLanguageModel(contentsOfFile: Self.path, promptTemplate: template) }
    if let fault {
      let error = #expect(throws: WeightsError.self) { try load() }
      #expect("\(error!)".contains("the prompt template given for it \(fault)"))
    } else {
      #expect(try load().configuration.promptTemplate == template)
    }
  }

  @Test("What a question holds is text: the places of a template are not filled in it")
  func places() throws {
    func parts(_ question: String, _ template: String, withImage: Bool = true) -> [String] {
      PromptTemplate.parts(of: template, question: question, withImage: withImage)
    }
    #expect(
      parts("a <image> {question}", "<image>\n{question}!") == ["", "\na <image> {question}!"])
    #expect(parts("q", "U: {question}\n<image> A:") == ["U: q\n", " A:"])
    #expect(parts("q", "U: <image>\n{question}", withImage: false) == ["U: q"])
    #expect(parts("q", "{question}<image>", withImage: false) == ["q"])

    let image = try Self.model.encode(RGBImage(width: 1, height: 1, pixels: [1, 2, 3]))
    let prompt = try Self.model.prompt(for: .question("is <image> here?"), image: image, .flex)
    #expect(prompt.ids.count { $0 == Tokenizer.imageMarker } == 1)
    let scores = try Self.model.score(
      .question("which?"), options: ["<image>", "b <image>", "c"], about: image)
    #expect(scores.options.allSatisfy { $0.loss.isFinite })
    #expect(scores.options[1].tokenLosses.count > scores.options[2].tokenLosses.count)
    #expect(throws: InferenceError.blankQuestion) {
      try Self.model.ask(.question(" <image> "), about: image)
    }
  }

  @Test("Texts that no context holds are refused before they are tokenized")
  func longTexts() {
    let text = String(repeating: "many words ", count: 1_000_000)
    let started = ContinuousClock.now
    for query in [Query.question(text), .prompt(text)] {
      let error = #expect(throws: InferenceError.self) {
        try Self.model.ask(query, about: nil)
      }
      #expect("\(error!)".hasPrefix("the text has 11000"))
    }
    let error = #expect(throws: InferenceError.self) {
      try Self.model.score(.question("which?"), options: ["a", text], about: nil)
    }
    #expect("\(error!)".hasPrefix("the text has 11000"))
    // Tokenizing 11 MB takes ten times as long, and gigabytes.
    #expect(ContinuousClock.now - started < .seconds(30))
  }
}
