import Testing

@testable import FlexVLM

@Suite struct StageBenchmarkTests {
  @Test("Every stage has a time, and the work that the cost formulas count")
  func stages() throws {
    let benchmark = try StageBenchmark(
      .mini, layers: 3, type: .q80, threads: 2, precision: .float32)
    benchmark.run(rounds: 1, crops: 1, textTokens: 16)
    #expect(
      benchmark.stages.map(\.name) == [
        "decode image", "resize", "vision", "projector", "prefill", "high keys, values", "decode",
      ])
    let ceilings = benchmark.ceilings
    #expect(Ceilings.Kind.allCases.filter { ceilings[$0] ?? 0 > 0 } == [.float32, .memory])
    let cost = CostModel(benchmark.configuration)
    for stage in benchmark.stages {
      #expect(stage.seconds > 0 && stage.seconds.isFinite)
      #expect(stage.share(of: ceilings) > 0)
      if stage.bound == .memory { continue }
      let expected: Double? =
        switch stage.name {
        case "vision":
          cost.tower(crops: 1, grid: 24).flops - 2 * 576 * cost.projectorWeights
        case "projector": 2 * 576 * cost.projectorWeights
        case "prefill": cost.prompt(positions: 592).flops
        case "high keys, values": cost.highKeyValues(projected: 592, seen: 0).flops
        default: nil
        }
      #expect(abs(stage.work - expected!) < 0.02 * expected!, "\(stage.name)")
    }
  }

  @Test("Sizes without a file", arguments: Geometry.allCases)
  func geometries(geometry: Geometry) {
    let whole = geometry.configuration(layers: nil)
    let cut = geometry.configuration(layers: 2)
    #expect(whole.language.layerCount > 2 && cut.language.layerCount == 2)
    #expect(cut.vision.layerCount == 2)
    #expect(whole.language.width % whole.language.headCount == 0)
    // The last layer follows a selecting one, so that it has high-resolution projections.
    #expect(cut.high!.firstSelectionLayer == 0)
  }
}
