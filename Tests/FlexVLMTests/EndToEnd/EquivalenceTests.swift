import Foundation
import Synchronization
import Testing

@testable import FlexVLM

/// Shortcuts that must not change anything: each against the long way round.
@Suite struct EquivalenceTests {
  static let names = ParityTests.names
  static let questions = ["What is it?", "Which number is on the sign?", "What is it, then?"]
  static let options = GenerationOptions(maximumTokens: 6)

  private func open(_ name: String, threads: Int = 2) throws -> (VisionLanguageModel, RGBImage) {
    (
      try VisionLanguageModel(
        contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: threads,
        precision: .float32),
      try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png"))
    )
  }

  /// Sums are taken in another order where a prompt is continued instead of run whole.
  private func expectSame(_ a: Answer, _ b: Answer, _ what: String) {
    #expect(a.steps.map(\.token) == b.steps.map(\.token), "\(what)")
    #expect(a.text == b.text, "\(what)")
    #expect(
      a.steps.map { $0.selections.map(\.cells) } == b.steps.map { $0.selections.map(\.cells) },
      "\(what)")
    expectClose(
      a.steps.flatMap { $0.top.map(\.logit) }, b.steps.flatMap { $0.top.map(\.logit) },
      within: 5e-4, what)
  }

  @Test("Several questions about one image equal the same asked one by one", arguments: names)
  func severalQuestions(name: String) throws {
    let (model, picture) = try open(name)
    let shared = try model.encode(picture)
    for (index, question) in Self.questions.enumerated() {
      let together = try model.ask(.question(question), about: shared, options: Self.options)
      let alone = try model.ask(
        .question(question), about: model.encode(picture), options: Self.options)
      expectSame(together, alone, question)
      #expect(alone.statistics.reusedPositions == 0)
      let image = together.imageRange!
      #expect(index == 0 || together.statistics.reusedPositions >= image.upperBound)
    }
  }

  @Test("Crops encoded when needed equal crops encoded beforehand", arguments: names)
  func lazyCrops(name: String) throws {
    let (model, picture) = try open(name)
    let lazy = try model.encode(picture)
    let eager = try model.encode(picture)
    _ = try eager.run(
      { session, _ in
        session.image!.highResolution!.features.require(
          RowRuns(0..<model.configuration.high!.grid * model.configuration.high!.grid))
        return GenerationStatistics()
      }, positions: 0, demand: MemoryDemand(), statistics: \.self)
    let query = Query.question(Self.questions[0])
    expectSame(
      try model.ask(query, about: lazy, options: Self.options),
      try model.ask(query, about: eager, options: Self.options), name)
  }

  @Test("Where nothing is selected, the model is plain LLaVA", arguments: names)
  func nothingSelected(name: String) throws {
    let (model, picture) = try open(name)
    var none = Self.options
    none.selection.threshold = 255
    var low = Self.options
    low.selection.policy = .none
    let query = Query.question(Self.questions[1])
    let a = try model.ask(query, about: model.encode(picture), options: none)
    let b = try model.ask(query, about: model.encode(picture), options: low)
    #expect(a.steps.map(\.token) == b.steps.map(\.token))
    #expect(a.steps.map { $0.top.map(\.logit) } == b.steps.map { $0.top.map(\.logit) })
    #expect(a.steps.allSatisfy { $0.selections.allSatisfy { $0.cells.count == 0 } })
    #expect(a.statistics.encodedCrops == 0)
  }

  @Test(
    "All cells: every crop is encoded, every token projected once in each layer", arguments: names)
  func allCells(name: String) throws {
    let (model, picture) = try open(name)
    var options = Self.options
    options.selection.policy = .all
    let high = model.configuration.high!
    let answer = try model.ask(
      .question(Self.questions[0]), about: model.encode(picture), options: options)
    #expect(answer.statistics.encodedCrops == answer.statistics.cropCount)
    let layers = model.configuration.language.layerCount - high.firstSelectionLayer - 1
    #expect(answer.statistics.projectedTokens == layers * high.grid * high.grid)
  }

  @Test("An answer does not depend on the number of threads", arguments: ["tiny-a", "tiny-d"])
  func threads(name: String) throws {
    let (one, picture) = try open(name, threads: 1)
    let (five, _) = try open(name, threads: 5)
    let query = Query.question(Self.questions[0])
    expectSame(
      try one.ask(query, about: one.encode(picture), options: Self.options),
      try five.ask(query, about: five.encode(picture), options: Self.options), name)
  }

  @Test("Scoring leaves an image as it was, and does not depend on the options' order")
  func scoring() throws {
    let (model, picture) = try open("tiny-a")
    let image = try model.encode(picture)
    let query = Query.question(Self.questions[0])
    let before = try model.ask(query, about: image, options: Self.options)
    let forward = try model.score(query, options: ["red", "a tall tower", "7"], about: image)
    let backward = try model.score(query, options: ["7", "a tall tower", "red"], about: image)
    for (a, b) in zip(forward.options, backward.options.reversed()) {
      #expect(a.option == b.option)
      expectClose(a.tokenLosses, b.tokenLosses, within: 1e-5, a.option)
    }
    expectSame(try model.ask(query, about: image, options: Self.options), before, "after scoring")
  }

  @Test("A streamed answer is the answer")
  func streaming() async throws {
    let (model, picture) = try open("tiny-c")
    let image = try await model.encode(picture)
    let query = Query.question("看板?")
    var streamed = ""
    for try await text in model.stream(query, about: image, options: Self.options) {
      streamed += text
    }
    let answer = try await model.ask(query, about: image, options: Self.options)
    #expect(streamed == answer.text)
    #expect(!streamed.isEmpty)
  }

  @Test("Ending a stream stops the generation, and the image can be asked again")
  func cancelledStream() async throws {
    let (model, picture) = try open("tiny-a")
    let image = try await model.encode(picture)
    let long = GenerationOptions(maximumTokens: 2000)
    for try await _ in model.stream(.question("What?"), about: image, options: long) { break }
    let clock = ContinuousClock()
    let time = try clock.measure {
      _ = try model.ask(.question("What?"), about: image, options: Self.options)
    }
    // 2000 tokens take half a minute in a debug build: waiting for them would show.
    #expect(time < .seconds(15))
  }

  @Test("The forms for asynchronous code give what those that block give")
  func asynchronous() async throws {
    let (model, picture) = try open("tiny-c")
    let image = try await model.encode(picture)
    let query = Query.question("看板?")
    let pieces = Mutex("")
    let answer = try await model.ask(query, about: image, options: Self.options) { text in
      pieces.withLock { $0 += text }
      return true
    }
    let scores = try await model.score(query, options: ["red", "7"], about: image)
    func blocking() throws {
      expectSame(
        answer, try model.ask(query, about: model.encode(picture), options: Self.options), "ask")
      let expected = try model.score(query, options: ["red", "7"], about: image)
      #expect(scores.options.map(\.tokenLosses) == expected.options.map(\.tokenLosses))
    }
    try blocking()
    #expect(pieces.withLock { $0 } == answer.text)
  }

  @Test("An answer ends when its task is cancelled")
  func cancelledTask() async throws {
    let (model, picture) = try open("tiny-a")
    let image = try await model.encode(picture)
    let task = Task {
      try await model.ask(
        .question("What?"), about: image, options: GenerationOptions(maximumTokens: 2000))
    }
    task.cancel()
    let answer = try await task.value
    #expect(answer.finishReason == .cancelled)
    #expect(answer.steps.count < 100)
  }

  @Test("Text alone is plain LLaMA, whatever was asked before")
  func textOnly() throws {
    let (model, picture) = try open("tiny-b")
    let first = try model.ask(.question("Why?"), about: nil, options: Self.options)
    _ = try model.ask(.question("Why?"), about: model.encode(picture), options: Self.options)
    let second = try model.ask(.question("Why?"), about: nil, options: Self.options)
    #expect(first.text == second.text)
    #expect(first.imageRange == nil)
    #expect(!first.promptTokens.contains(Tokenizer.imageMarker))
    #expect(first.steps.allSatisfy { $0.selections.isEmpty })
  }
}

@Suite struct RequestErrorTests {
  static let model = try! VisionLanguageModel(
    contentsOfFile: Fixture.path("parity/tiny-c/model.gguf"))
  static let image = try! model.encode(
    try! RGBImage(contentsOfFile: Fixture.path("parity/tiny-c/image.png")))

  typealias Setting = (
    name: String, value: String, range: String, set: @Sendable (inout GenerationOptions) -> Void
  )

  static let outOfRange: [Setting] = [
    ("budget", "nan", "from 0.0 to 1.0", { $0.selection.budget = .nan }),
    ("budget", "inf", "from 0.0 to 1.0", { $0.selection.budget = .infinity }),
    ("budget", "-0.1", "from 0.0 to 1.0", { $0.selection.budget = -0.1 }),
    ("threshold", "256", "from 0 to 255", { $0.selection.threshold = 256 }),
    ("temperature", "nan", "from 0.0 to 1000.0", { $0.sampling.temperature = .nan }),
    ("top-p share", "nan", "from 0.0 to 1.0", { $0.sampling.topP = .nan }),
    ("token limit", "0", "from 1 to 9223372036854775807", { $0.maximumTokens = 0 }),
  ]

  @Test("Settings outside their range are errors, NaN among them", arguments: outOfRange.indices)
  func settings(index: Int) {
    let (name, value, range, set) = Self.outOfRange[index]
    for policy in SelectionPolicy.allCases {
      var options = GenerationOptions(selection: SelectionOptions(policy: policy))
      set(&options)
      let error = InferenceError.invalidSetting(name: name, value: value, range: range)
      #expect(throws: error) {
        try Self.model.ask(.question("What?"), about: Self.image, options: options)
      }
      guard options.selection != SelectionOptions(policy: policy) else { continue }
      #expect(throws: error) {
        try Self.model.score(
          .question("What?"), options: ["a"], about: Self.image, selection: options.selection)
      }
    }
  }

  @Test("Foundation shows what an error says, and not its number")
  func localizedDescriptions() {
    let errors: [any Error & CustomStringConvertible] = [
      InferenceError.emptyOption(index: 0), ImageError.empty(name: "a.png"),
      WeightsError.gitLFSPointer(path: "a.gguf"), EvaluationError.unsuitableFiles("two files"),
    ]
    for error in errors { #expect(error.localizedDescription == error.description) }
  }

  @Test("A prompt must name the image's place exactly once")
  func imagePlaces() {
    #expect(throws: InferenceError.imagePlaces(found: 0, expected: 1)) {
      try Self.model.ask(.prompt("no place"), about: Self.image)
    }
    #expect(throws: InferenceError.imagePlaces(found: 2, expected: 1)) {
      try Self.model.ask(.prompt("<image> or <image>?"), about: Self.image)
    }
    #expect(throws: InferenceError.imagePlaces(found: 1, expected: 0)) {
      try Self.model.ask(.prompt("<image>?"), about: nil)
    }
  }

  @Test("A prompt that does not fit is refused with the numbers")
  func tooLong() throws {
    let question = String(repeating: "why ", count: 5000)
    #expect {
      try Self.model.ask(.question(question), about: Self.image)
    } throws: { error in
      guard case .promptTooLong(let positions, 4096)? = error as? InferenceError else {
        return false
      }
      return positions > 5000
    }
  }

  @Test("A prompt that fills the context to the last position gives one token")
  func fullContext() throws {
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/tiny-c/model.gguf"), threads: 2, precision: .float32
    ) { $0.language.contextLength = 140 }
    let image = try model.encode(
      try RGBImage(contentsOfFile: Fixture.path("parity/tiny-c/image.png")))
    let short = try model.ask(.prompt("<image>"), about: image)
    let room = 140 - short.statistics.promptPositions
    let full = try model.ask(
      .prompt("<image>" + String(repeating: "?", count: room - 1)), about: image)
    #expect(full.statistics.promptPositions == 140)
    #expect(full.steps.count == 1)
    #expect(full.finishReason == .length)
  }

  @Test("An empty option cannot be scored")
  func emptyOption() {
    #expect(throws: InferenceError.emptyOption(index: 1)) {
      try Self.model.score(.question("What?"), options: ["a", ""], about: Self.image)
    }
  }
}
