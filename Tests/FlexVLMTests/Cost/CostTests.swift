import Testing

@testable import FlexVLM

@Suite struct CostTests {
  @Test(
    "Formulas are within 2 % of the operations counted in a run",
    arguments: ["tiny-a", "tiny-b", "tiny-d", "tiny-e-gqa"],
    [SelectionPolicy.flex, .all, .none, .tidal, .hired, .pruMergePlus])
  func counted(name: String, policy: SelectionPolicy) throws {
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2)
    let picture = try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png"))
    let answer = try model.ask(
      .question("What is on the sign?"), about: model.encode(picture),
      options: GenerationOptions(maximumTokens: 4, selection: SelectionOptions(policy: policy)))
    let costs = CostModel(model.configuration).cost(Workload(of: answer, model.configuration))
    expectNear(costs.encoder.flops, answer.statistics.encoderFLOPs, "encoder")
    expectNear(costs.decoder.flops, answer.statistics.decoderFLOPs, "decoder")
  }

  private func expectNear(_ formula: Double, _ counted: Int, _ what: String) {
    #expect(abs(formula / Double(counted) - 1) < 0.02, "\(what): \(formula) for \(counted)")
  }

  @Test("What is counted is counted once: a second question finds the image encoded")
  func secondQuestion() throws {
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/tiny-a/model.gguf"), threads: 1)
    let image = try model.encode(
      try RGBImage(contentsOfFile: Fixture.path("parity/tiny-a/image.png")))
    let options = GenerationOptions(
      maximumTokens: 2, selection: SelectionOptions(policy: .none))
    let first = try model.ask(.question("a?"), about: image, options: options)
    let second = try model.ask(.question("a?"), about: image, options: options)
    #expect(first.statistics.encoderFLOPs > 0 && second.statistics.encoderFLOPs == 0)
    #expect(second.statistics.decoderFLOPs < first.statistics.decoderFLOPs / 2)
  }

  /// FlexAttention's table 5, TFLOPs on MagnifierBench, with 64 text tokens and an answer of three.
  @Test("The paper's table within 2 %, its own row at the share of cells that it does not tell")
  func paper() throws {
    let systems = CostModel(.official7B).comparison(CostSetting(selected: 0.17))
    #expect(systems.filter { $0.published != nil }.count == 3)
    for system in systems {
      guard let published = system.published else { continue }
      let tera = system.stages.total.flops / 1e12
      #expect(abs(tera / published - 1) < 0.02, "\(system.name): \(tera)")
    }
  }

  @Test("Numbers of the 7B model by hand")
  func byHand() {
    let model = CostModel(.official7B)
    // 2 * 32 * (4 * 4096 * 4096 + 3 * 4096 * 11008)
    #expect(2 * 32 * model.layerWeights == 12_952_010_752)
    #expect(model.highLayers == 23)
    // One cell of 64 tokens in one layer: 2 * 64 * 2 * 4096 * 4096 = 4.29 GFLOP.
    #expect(model.highKeyValues(projected: 64, seen: 0).flops == 4_294_967_296)
    let half = CostModel(.official7B, weightBytes: 1)
    let (a, b) = (model.step(position: 0).bytes, half.step(position: 0).bytes)
    // 6.6 billion weights are read for a token; the cache of one position is half a megabyte.
    #expect(abs(a - b - 6.607e9) < 1e6 && a - 2 * (a - b) == 1_048_576)
  }

  @Test("A policy that sees less costs less", arguments: SelectionPolicy.allCases)
  func policies(_ policy: SelectionPolicy) {
    let model = CostModel(.official7B)
    func total(_ policy: SelectionPolicy) -> Double {
      let setting = CostSetting(selection: SelectionOptions(policy: policy))
      return model.cost(model.workload(setting)).total.flops
    }
    #expect(total(policy) <= total(.all))
    #expect(policy.isPruning == (total(policy) < total(.none)))
  }
}
