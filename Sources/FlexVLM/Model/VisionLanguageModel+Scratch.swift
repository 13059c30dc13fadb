// Scratch memory for looking at an image and for answering, reserved for all of its crops and for a
// prompt of usual length.

extension VisionLanguageModel {
  func towerWorkspace() -> Workspace { workspace(towerScratch) }

  func decoderWorkspace() -> Workspace { workspace(decoderScratch) }

  /// What both take, at the most.
  var scratchDemand: MemoryDemand {
    let unreserved = Workspace(threads: threads, precision: precision)
    let floats = [towerScratch(unreserved), decoderScratch(unreserved)]
      .reduce(0) { $0 + $1.values.reduce(0, +) }
    return MemoryDemand(reserve: floats * MemoryLayout<Float>.size)
  }

  private func workspace(_ scratch: (Workspace) -> [Workspace.Slot: Int]) -> Workspace {
    let workspace = Workspace(threads: threads, precision: precision)
    workspace.reserve(scratch(workspace))
    return workspace
  }

  private func towerScratch(_ workspace: Workspace) -> [Workspace.Slot: Int] {
    encoder.scratch(crops: configuration.high?.cropCount ?? 1, projector, workspace)
  }

  private func decoderScratch(_ workspace: Workspace) -> [Workspace.Slot: Int] {
    decoder.scratch(
      highTokens: configuration.high.map { $0.grid * $0.grid } ?? 0, workspace)
  }
}
