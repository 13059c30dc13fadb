import Testing

@testable import FlexVLM

@Suite struct AllocationTests {
  @Test(
    "Scratch memory is taken once: no crop, layer or token takes more",
    arguments: [("tiny-a", SelectionPolicy.flex), ("tiny-d", .all)], [Precision.float32, .auto])
  func once(run: (name: String, policy: SelectionPolicy), precision: Precision) throws {
    let (name, policy) = run
    let model = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2, precision: precision)
    let (sight, thought) = (model.towerWorkspace(), model.decoderWorkspace())
    let tower = VisionTower(model.encoder, model.projector, sight)
    let features = model.features(
      of: try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png")), tower)
    let session = DecodingSession(model.decoder, image: features, thought)
    let prompt = Prompt(
      ids: [1, Tokenizer.imageMarker] + Array(10..<40), imageTokenCount: features.low.rows)
    _ = try session.prefill(prompt, SelectionOptions(policy: policy))
    for token in 50..<60 { _ = try session.advance(token) }
    #expect(features.highResolution!.features.encodedCropCount > 0)
    #expect(sight.allocationCount == 1)
    #expect(thought.allocationCount == 1)
  }

  @Test("A slot that is too small takes memory of its own, and keeps it")
  func growth() {
    let workspace = Workspace(threads: 1)
    workspace.reserve([.hidden: 10, .up: 20])
    let small = workspace.matrix(.hidden, rows: 2, columns: 5)
    let other = workspace.matrix(.up, rows: 1, columns: 20)
    small.fill(1)
    other.fill(2)
    #expect(workspace.allocationCount == 1)
    #expect(small.values(row: 1) == [1, 1, 1, 1, 1])
    for _ in 0..<2 { _ = workspace.matrix(.hidden, rows: 5, columns: 7) }
    #expect(workspace.allocationCount == 2)
  }
}
