import Testing

@testable import FlexVLM

@Suite struct StreamTests {
  private static let options = GenerationOptions(maximumTokens: 8)

  private func open() throws -> (VisionLanguageModel, RGBImage) {
    (
      try VisionLanguageModel(contentsOfFile: Fixture.path("parity/tiny-a/model.gguf"), threads: 1),
      try RGBImage(contentsOfFile: Fixture.path("parity/tiny-a/image.png"))
    )
  }

  @Test("A stream ends with the answer that its pieces make, whether they were read or not")
  func answer() async throws {
    let (model, picture) = try open()
    let image = try await model.encode(picture)
    let whole = try await model.ask("What?", about: image, options: Self.options)
    #expect(!whole.text.isEmpty)

    let stream = model.stream("What?", about: image, options: Self.options)
    var pieces = ""
    for try await text in stream { pieces += text }
    let answer = try await stream.answer
    #expect(pieces == whole.text)
    #expect(answer.text == whole.text)
    #expect(answer.steps.map(\.token) == whole.steps.map(\.token))
    #expect(answer.finishReason == whole.finishReason)

    let unread = model.stream("What?", about: image, options: Self.options)
    #expect(try await unread.answer.text == whole.text)
  }

  /// Gives pieces until it is cancelled; the answer counts them.
  private static func endless(
    _ onText: @Sendable (String) -> Bool
  ) async -> Answer {
    var count = 0
    while !Task.isCancelled {
      _ = onText("x")
      count += 1
      try? await Task.sleep(for: .milliseconds(1))
    }
    return Answer(
      text: String(repeating: "x", count: count), finishReason: .cancelled, promptTokens: [],
      imageRange: nil, steps: [], statistics: GenerationStatistics())
  }

  @Test(
    "A stream that is left stops, though still held, and has what there is",
    .timeLimit(.minutes(10)))
  func leftEarly() async throws {
    let stream = AnswerStream { onText in await Self.endless(onText) }
    for try await piece in stream {
      #expect(piece == "x")
      break
    }
    #expect(try await stream.answer.finishReason == .cancelled)
  }

  @Test(
    "A stream stops where its reader is cancelled, or nobody reads it", .timeLimit(.minutes(10)))
  func cancelled() async throws {
    let held = AnswerStream { onText in await Self.endless(onText) }
    let reader = Task { for try await _ in held {} }
    reader.cancel()
    try await reader.value
    #expect(try await held.answer.finishReason == .cancelled)

    let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
    do {
      _ = AnswerStream { onText in
        defer { continuation.yield() }
        return await Self.endless(onText)
      }
    }
    for await _ in ends { break }
  }

  @Test("A fault comes out of the loop and out of the answer")
  func fault() async throws {
    let (model, _) = try open()
    let stream = model.stream(" ", about: nil)
    await #expect(throws: InferenceError.blankQuestion) { for try await _ in stream {} }
    await #expect(throws: InferenceError.blankQuestion) { try await stream.answer }
  }

  @Test("Plain text is a question in the model's template")
  func plainText() async throws {
    let (model, picture) = try open()
    let image = try await model.encode(picture)
    let (text, query) = ("How many?", Query.question("How many?"))
    let asked = try await model.ask(query, about: image, options: Self.options)
    #expect(
      try await model.ask(text, about: image, options: Self.options).promptTokens
        == asked.promptTokens)
    let options = ["red", "blue"]
    let scores = try await model.score(query, options: options, about: image)
    #expect(
      try await model.score(text, options: options, about: image).options.map(\.tokenLosses)
        == scores.options.map(\.tokenLosses))
    func blocking() throws {
      #expect(
        try model.ask(text, about: image, options: Self.options).promptTokens
          == asked.promptTokens)
      #expect(
        try model.score(text, options: options, about: image).options.map(\.tokenLosses)
          == scores.options.map(\.tokenLosses))
    }
    try blocking()
  }
}
