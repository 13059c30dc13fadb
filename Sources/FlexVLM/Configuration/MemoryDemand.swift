// Memory that matrices take, by formula, so that it can be asked for before they do. Per row of float32,
// with patch size P, width W, feed-forward width F, key-value width K:
//
//   tower        patch 3 P P, six of W (hidden, normalised, q, k, v, attended), F, projected tokens
//   decoder      four of W (hidden, normalised, q, attended), two of F
//   cache        2 K a layer, and as much for each high-resolution token

/// Bytes that one piece of work takes.
struct MemoryDemand {
  /// What is filled.
  var work = 0
  /// What is filled bit by bit, and may never be.
  var reserve = 0

  /// Whether the system would give it all now.
  var isMet: Bool {
    Memory.isAvailable(work) && Memory.isAvailable(work + reserve, isReserve: true)
  }

  /// - Throws: ``InferenceError/outOfMemory(bytes:)`` where it would not.
  func require() throws(InferenceError) {
    guard isMet else { throw .outOfMemory(bytes: work + reserve) }
  }
}

extension ModelConfiguration {
  /// Tables that a loaded model keeps: rotary positions and the tower's position embeddings.
  var tableDemand: MemoryDemand {
    let positions = 1 + vision.nativeGrid * vision.nativeGrid
    return MemoryDemand(
      work: 4 * (language.contextLength * language.headWidth + positions * vision.width))
  }

  /// Looking at an image: its view, the low view through the tower, and room for all its tokens.
  func viewDemand(threads: Int) -> MemoryDemand {
    let side = high?.size ?? vision.nativeSize
    let tokens = highTokens + vision.lowGrid * vision.lowGrid
    let cache = 2 * language.layerCount * language.contextLength * language.keyValueWidth
    return MemoryDemand(
      work: 4 * (2 * side * side + tower(crops: 1, grid: vision.lowGrid, threads: threads)),
      reserve: 4 * (tokens * language.width + cache))
  }

  /// Answering a prompt: all crops through the tower, the prompt through the decoder.
  func promptDemand(positions: Int, threads: Int) -> MemoryDemand {
    let decoder =
      positions * (4 * language.width + 2 * language.feedForwardWidth)
      + 64 * threads * positions + 2 * language.vocabularySize
    guard let high else { return MemoryDemand(work: 4 * decoder) }
    let crops = high.cropCount
    let selecting = max(0, language.layerCount - high.firstSelectionLayer - 1)
    let keyValues = 2 * selecting * highTokens * language.keyValueWidth
    return MemoryDemand(
      work: 4
        * (decoder
          + tower(crops: crops, grid: high.grid / high.cropsPerSide, threads: threads)),
      reserve: 4 * (keyValues + highTokens * (language.width + language.keyValueWidth)))
  }

  private var highTokens: Int { high.map { $0.grid * $0.grid } ?? 0 }

  /// Floats of the tower at work on crops of grid x grid patches, and of what it makes of them.
  private func tower(crops: Int, grid: Int, threads: Int) -> Int {
    let tokens = grid * grid + 1
    let row =
      3 * vision.patchSize * vision.patchSize + 6 * vision.width
      + max(vision.feedForwardWidth, language.width) + vision.width + language.width
    return crops * tokens * row + threads * tokens * tokens
  }
}
