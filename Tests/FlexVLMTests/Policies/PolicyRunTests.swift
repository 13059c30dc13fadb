import Testing

@testable import FlexVLM

/// Policies at work in whole models of several geometries.
@Suite struct PolicyRunTests {
  static let names = ["tiny-a", "tiny-b", "tiny-e-gqa"]
  static let question = Query.question("What is on the sign?")

  private func open(_ name: String) throws -> (VisionLanguageModel, RGBImage) {
    (
      try VisionLanguageModel(
        contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2,
        precision: .float32),
      try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png"))
    )
  }

  private func ask(
    _ model: VisionLanguageModel, _ image: EncodedImage, _ selection: SelectionOptions
  ) throws -> Answer {
    try model.ask(
      Self.question, about: image,
      options: GenerationOptions(maximumTokens: 3, selection: selection))
  }

  @Test(
    "A policy's answer is the same on a fresh image and after every other policy",
    arguments: names)
  func independence(name: String) throws {
    let (model, picture) = try open(name)
    let shared = try model.encode(picture)
    for policy in SelectionPolicy.allCases + SelectionPolicy.allCases.reversed() {
      let selection = SelectionOptions(policy: policy)
      let fresh = try ask(model, model.encode(picture), selection)
      let later = try ask(model, shared, selection)
      #expect(fresh.steps.map(\.token) == later.steps.map(\.token), "\(policy)")
      #expect(
        fresh.steps.map { $0.selections.map(\.cells) }
          == later.steps.map { $0.selections.map(\.cells) }, "\(policy)")
      for (one, other) in zip(fresh.steps, later.steps) {
        // A prefix taken over from an earlier prompt went through other block sizes of BLAS.
        expectClose(one.top.map(\.logit), other.top.map(\.logit), within: 1e-3, "\(policy)")
      }
    }
  }

  @Test("The least and the whole budget run; the whole sees every token", arguments: names)
  func budgets(name: String) throws {
    let (model, picture) = try open(name)
    let image = try model.encode(picture)
    let high = model.configuration.high!
    let everything = try ask(model, image, SelectionOptions(policy: .all))
    for policy in SelectionPolicy.allCases where policy.defaultBudget != nil {
      for budget in [0, 1.0] {
        let answer = try ask(model, image, SelectionOptions(policy: policy, budget: budget))
        let counts = answer.steps.flatMap { $0.selections.map(\.tokenCount) }
        #expect(!counts.isEmpty && counts.allSatisfy { $0 <= high.grid * high.grid })
        if budget == 1, policy != .hired, policy != .tidal {
          #expect(counts.allSatisfy { $0 == high.grid * high.grid }, "\(policy)")
          #expect(answer.steps.map(\.token) == everything.steps.map(\.token), "\(policy)")
        }
      }
    }
  }

  @Test("tidal sees every token in its two selecting layers, and fewer between")
  func tidal() throws {
    let (model, picture) = try open("tiny-a")
    let high = model.configuration.high!
    let answer = try ask(
      model, model.encode(picture), SelectionOptions(policy: .tidal, budget: 0.02))
    let selecting = TidalDecode.selectingLayers(
      firstHighLayer: high.firstSelectionLayer + 1,
      layerCount: model.configuration.language.layerCount)
    for choice in answer.steps.flatMap(\.selections) {
      let seesAll = choice.tokenCount == high.grid * high.grid
      #expect(seesAll == selecting.contains(choice.layer + 1))
    }
  }

  @Test("Pruning shortens the prompt and leaves the high view alone", arguments: names)
  func pruning(name: String) throws {
    let (model, picture) = try open(name)
    let image = try model.encode(picture)
    let whole = try ask(model, image, SelectionOptions(policy: .none))
    for policy in [SelectionPolicy.pruMerge, .pruMergePlus] {
      let answer = try ask(model, image, SelectionOptions(policy: policy))
      let saved = whole.imageRange!.count - answer.imageRange!.count
      #expect(saved > 0)
      #expect(whole.statistics.promptPositions - answer.statistics.promptPositions == saved)
      #expect(answer.statistics.encodedCrops == 0)
      #expect(answer.steps.allSatisfy { $0.selections.isEmpty })
    }
  }
}
