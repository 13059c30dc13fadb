import Testing

@testable import FlexVLM

/// Several turns and system messages in LLaVA's conversation.
@Suite struct ConversationTests {
  private static let template = "A chat. USER: <image>\n{question} ASSISTANT:"

  private static func model(_ template: String = template) throws -> VisionLanguageModel {
    try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/tiny-a/model.gguf"), threads: 1,
      precision: .float32, promptTemplate: template)
  }

  private static let turns: [Conversation.Turn] = [
    .init(question: "a", answer: "b"), .init(question: " <image>\nc", hasImage: true),
  ]

  @Test(
    "Turns are laid out as LLaVA's conv_vicuna_v1 does, the image where it was shown",
    arguments: [
      (nil, [["A chat. USER: a ASSISTANT: b"], ["USER: ", "\nc ASSISTANT:"]]),
      ("Be brief.", [["Be brief. USER: a ASSISTANT: b"], ["USER: ", "\nc ASSISTANT:"]]),
      ("", [["USER: a ASSISTANT: b"], ["USER: ", "\nc ASSISTANT:"]]),
    ] as [(String?, [[String]])])
  func layout(system: String?, expected: [[String]]) throws {
    let conversation = Conversation(system: system, turns: Self.turns)
    #expect(
      try Self.model().promptTurns(for: .conversation(conversation), withImage: true) == expected)
  }

  @Test("One turn alone is the question in the template")
  func oneTurn() throws {
    let model = try Self.model()
    for hasImage in [true, false] {
      let turn = Conversation(turns: [.init(question: "what?", hasImage: hasImage)])
      #expect(
        try model.tokens(of: model.promptTurns(for: .conversation(turn), withImage: hasImage))
          == model.tokens(of: model.promptTurns(for: .question("what?"), withImage: hasImage)))
    }
  }

  @Test("Between turns stands the end token, which no text becomes")
  func ends() throws {
    let model = try Self.model()
    let (tokenizer, end) = (model.tokenizer, model.tokenizer.vocabulary.end)
    let ids = tokenizer.encode(turns: [["a</s>"], ["b"]])
    #expect(ids.filter { $0 == end }.count == 1)
    #expect(
      ids == (tokenizer.vocabulary.beginning.map { [$0] } ?? []) + tokenizer.encode("a</s>")
        + [end] + tokenizer.encode("b"))
  }

  @Test("An earlier answer changes the next one, and is not computed again")
  func reuse() throws {
    let model = try Self.model()
    let image = try model.encode(
      RGBImage(contentsOfFile: Fixture.path("parity/tiny-a/image.png")))
    let first = Conversation(turns: [.init(question: "what?", hasImage: true)])
    let options = GenerationOptions(maximumTokens: 4)
    let answer = try model.ask(.conversation(first), about: image, options: options)
    var second = first
    second.turns[0].answer = answer.text
    second.turns.append(.init(question: "and?"))
    let next = try model.ask(.conversation(second), about: image, options: options)
    #expect(next.statistics.reusedPositions >= answer.statistics.promptPositions - 1)
    let fresh = try model.encode(
      RGBImage(contentsOfFile: Fixture.path("parity/tiny-a/image.png")))
    let alone = try model.ask(.conversation(second), about: fresh, options: options)
    #expect(next.steps.map(\.token) == alone.steps.map(\.token))
  }

  @Test(
    "A template that is no conversation, images that do not fit and blank questions are refused")
  func faults() throws {
    let conversation = Conversation(turns: Self.turns)
    #expect(throws: InferenceError.noConversation) {
      try Self.model("<image>{question}").promptTurns(
        for: .conversation(conversation), withImage: true)
    }
    let model = try Self.model()
    #expect(throws: InferenceError.imagePlaces(found: 1, expected: 0)) {
      try model.promptTurns(for: .conversation(conversation), withImage: false)
    }
    for turns in [[], [Conversation.Turn(question: " ")]] {
      #expect(throws: InferenceError.blankQuestion) {
        try model.promptTurns(for: .conversation(Conversation(turns: turns)), withImage: false)
      }
    }
  }
}
