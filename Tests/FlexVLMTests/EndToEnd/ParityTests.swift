import Testing

@testable import FlexVLM

/// The official code's numbers on small random checkpoints of its layout, in float32.
///
/// Tolerances: the engine sums in another order than torch does; differences seen are a tenth of
/// what is allowed here. Tokens and cells are exact, and the fixtures keep clear of ties.
@Suite struct ParityTests {
  static let names = ["tiny-a", "tiny-b", "tiny-c", "tiny-d", "tiny-e-gqa"]

  struct Expected: Decodable {
    struct Samples: Decodable {
      let shape: [Int]
      let sampleIndex: [Int]
      let sampleValue: [Float]
    }
    struct Mode: Decodable {
      let tokens: [Int]
      let cellBits: [[String]]?
    }
    struct Option: Decodable {
      let option: String
      let lossHd: Float
      let lossNohd: Float
      let tokenNllHd: [Float]
      let tokenNllNohd: [Float]
      let cellBits: [[String]]
    }
    let prompt: String
    let inputIds: [Int]
    let imageTokenRange: [Int]
    let prefillLen: Int
    let lrFeatures: Samples
    let hdFeatures: Samples
    let imageCos: Samples
    let imageSin: Samples
    let modes: [String: Mode]
    let options: [Option]
  }

  @Test("Generation equals the official code", arguments: names, ["hd", "nohd", "plain_direct"])
  func generation(name: String, mode: String) throws {
    let expected = try Fixture.json("parity/\(name)/expected.json", as: Expected.self)
    let tensors = try Safetensors("parity/\(name)/expected.safetensors")
    let wanted = expected.modes[mode]!
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2, precision: .float32
    ) { if mode == "plain_direct" { $0.high = nil } }
    let image = try model.encode(
      try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png")))

    let answer = try model.ask(
      .prompt(expected.prompt), about: image,
      options: GenerationOptions(
        maximumTokens: wanted.tokens.count,
        selection: SelectionOptions(policy: mode == "hd" ? .flex : .none)))

    #expect(answer.promptTokens == expected.inputIds)
    #expect(
      answer.imageRange == expected.imageTokenRange[0]..<expected.imageTokenRange[1])
    #expect(answer.statistics.promptPositions == expected.prefillLen)
    #expect(answer.steps.map(\.token) == wanted.tokens)
    let width = tensors.shape("\(mode).logits")[1]
    let logits = tensors.floats("\(mode).logits")
    for (index, step) in answer.steps.enumerated() {
      for (id, logit) in step.top {
        let difference = abs(logit - logits[index * width + id])
        #expect(difference < 1e-3, "logit of \(id) at step \(index)")
      }
    }
    if let bits = wanted.cellBits {
      #expect(answer.steps.map { $0.selections.map(\.cells.description) } == bits)
      expectClose(
        answer.steps.flatMap { $0.selections.flatMap(\.map) }, tensors.floats("hd.attn_norm"),
        within: 2e-4, "attention maps")
    } else {
      #expect(answer.steps.allSatisfy { $0.selections.isEmpty })
    }
  }

  @Test("Features of both views equal the official code", arguments: names)
  func features(name: String) throws {
    let expected = try Fixture.json("parity/\(name)/expected.json", as: Expected.self)
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2, precision: .float32)
    let features = model.features(
      of: try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png")),
      VisionTower(model.encoder, model.projector, model.towerWorkspace()))
    expectSamples(features.low, expected.lrFeatures, "low-resolution features")

    let high = features.highResolution!.features
    high.require(RowRuns(0..<high.layout.rowOfToken.count))
    #expect(high.encodedCropCount == high.cropCount)
    expectSamples(high.features.gathered(high.layout.rowOfToken), expected.hdFeatures, "high")
  }

  @Test("Enlarged rotary positions equal the official code", arguments: names)
  func rotaryPositions(name: String) throws {
    let expected = try Fixture.json("parity/\(name)/expected.json", as: Expected.self)
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2, precision: .float32)
    let high = model.configuration.high!
    let layout = CellLayout(cellGrid: high.selectionGrid, highGrid: high.grid)
    let table = model.decoder.rotary.enlarged(
      from: expected.imageTokenRange[0], lowGrid: model.configuration.vision.lowGrid,
      layout: layout)
    // The official tables hold each angle twice, once for each half of a head.
    for (matrix, samples) in [
      (table.cosines, expected.imageCos), (table.sines, expected.imageSin),
    ] {
      let width = samples.shape[1]
      let values = samples.sampleIndex.map {
        matrix[layout.rowOfToken[$0 / width], $0 % width % (width / 2)]
      }
      expectClose(values, samples.sampleValue, within: 1e-5, "positions")
    }
  }

  @Test("Option losses equal the official code", arguments: names, [SelectionPolicy.flex, .none])
  func options(name: String, policy: SelectionPolicy) throws {
    let expected = try Fixture.json("parity/\(name)/expected.json", as: Expected.self)
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2, precision: .float32)
    let image = try model.encode(
      try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png")))
    let scores = try model.score(
      .prompt(expected.prompt), options: expected.options.map(\.option), about: image,
      selection: SelectionOptions(policy: policy))
    for (score, option) in zip(scores.options, expected.options) {
      let losses = policy == .flex ? option.tokenNllHd : option.tokenNllNohd
      expectClose(score.tokenLosses, losses, within: 1e-4, "losses of '\(option.option)'")
      let mean = policy == .flex ? option.lossHd : option.lossNohd
      #expect(abs(score.loss - mean) < 1e-4)
      if policy == .flex {
        let bits = score.selections.map { $0.map(\.cells.description) }
        for (layer, rows) in option.cellBits.enumerated() {
          #expect(bits.map { $0[layer] } == rows, "cells of layer \(layer)")
        }
      }
    }
  }

  private func expectSamples(_ matrix: Matrix, _ expected: Expected.Samples, _ what: String) {
    #expect([matrix.rows, matrix.columns] == expected.shape)
    let values = expected.sampleIndex.map { matrix[$0 / matrix.columns, $0 % matrix.columns] }
    expectClose(values, expected.sampleValue, within: 1e-4, what)
  }
}
