/// The decoder at work on one image (or on text alone): the key-value cache, the ids it holds, and
/// the image's features.
///
/// A new prompt reuses the cache as far as it begins like the last one, which for several questions
/// about one image spares all of the image's positions.
final class DecodingSession {
  /// The logits after the newest position, and what each selecting layer chose there.
  struct Step {
    let logits: [Float]  // [vocabulary]
    let selections: [LayerSelection]
  }

  private let decoder: Decoder
  private let workspace: Workspace
  let image: ImageFeatures?
  private var cache: KeyValueCache
  private var ids: [Int] = []
  /// What stands at the image's place among them, [count, width].
  private var imageTokens: Matrix?
  /// Leading ids whose keys and values saw no high-resolution cell: only they may be reused, since
  /// in another prompt they would not be last and see none.
  private var plainCount = 0
  private var highKeyValues: HighKeyValues?
  private var view: HighView?
  private var policy = SelectionPolicy.flex

  init(_ decoder: Decoder, image: ImageFeatures?, _ workspace: Workspace) {
    self.decoder = decoder
    self.image = image
    self.workspace = workspace
    cache = KeyValueCache(decoder.configuration)
  }

  /// From now on tells of every linear layer of the decoder.
  func observe(_ observer: @escaping (Matrix, WeightMatrix) -> Void) {
    workspace.observer = observer
  }

  var hasRoom: Bool { cache.count < decoder.configuration.contextLength }

  /// (Layer, token) pairs whose high-resolution keys and values have been computed.
  var projectedTokenCount: Int { highKeyValues?.projectedTokenCount ?? 0 }

  /// Multiply-adds of the matrix products run so far.
  var multiplyAdds: Int { workspace.multiplyAdds }

  /// Brings the cache to hold exactly the prompt.
  ///
  /// - Returns: the step after its last position, and the positions that were reused.
  /// - Throws: ``InferenceError/notANumber``
  func prefill(
    _ prompt: Prompt, _ selection: SelectionOptions
  ) throws(InferenceError) -> (step: Step, reused: Int) {
    precondition(prompt.positionCount <= decoder.configuration.contextLength)
    if selection.policy != policy, selection.policy.isPruning || policy.isPruning {
      (ids, plainCount) = ([], 0)  // other tokens stand at the image's place
    }
    policy = selection.policy
    imageTokens = image?.tokens(policy)
    let reused = min(prompt.commonPrefix(ids), plainCount, prompt.ids.count - 1)
    cache.truncate(to: prompt.positions(of: reused))
    ids = prompt.ids
    view = makeView(prompt, selection)
    plainCount = ids.count - 1
    return (try run(embed(ids[reused...])), prompt.positions(of: reused))
  }

  /// Appends one token.
  ///
  /// - Throws: ``InferenceError/notANumber``
  func advance(_ token: Int) throws(InferenceError) -> Step {
    precondition(hasRoom)
    ids.append(token)
    return try run(embed([token]))
  }

  /// Forgets the newest tokens.
  func rewind(_ tokens: Int) {
    precondition(tokens <= ids.count - plainCount)
    ids.removeLast(tokens)
    cache.truncate(to: cache.count - tokens)
  }

  private func run(_ hidden: Matrix) throws(InferenceError) -> Step {
    let (logits, selections) = decoder(hidden, cache: &cache, view: view, workspace)
    guard logits.allSatisfy(\.isFinite) else { throw .notANumber }
    return Step(logits: logits, selections: selections)
  }

  /// Embeddings of tokens, the image's features at its marker.
  private func embed(_ ids: some Collection<Int>) -> Matrix {
    let imageRows = imageTokens?.rows ?? 0
    let count = ids.reduce(0) { $0 + ($1 == Tokenizer.imageMarker ? imageRows : 1) }
    let hidden = workspace.matrix(
      .hidden, rows: count, columns: decoder.configuration.width)
    var row = 0
    for id in ids {
      if id == Tokenizer.imageMarker, let imageTokens {
        hidden.rows(row..<row + imageRows).copy(from: imageTokens)
        row += imageRows
      } else {
        unsafe decoder.embedding.widen(outputs: id..<id + 1, into: hidden.pointer(row: row))
        row += 1
      }
    }
    return hidden
  }

  private func makeHighKeyValues(
    _ high: (features: HighFeatures, selector: CellSelector), imageStart: Int
  ) -> HighKeyValues {
    HighKeyValues(
      high.features, rotary: decoder.rotary, imageStart: imageStart,
      lowGrid: high.selector.lowGrid)
  }

  private func makeView(_ prompt: Prompt, _ selection: SelectionOptions) -> HighView? {
    guard let image, let high = image.highResolution, let range = prompt.imageRange,
      let policy = selection.tokenPolicy(
        on: PolicySite(
          low: image.lowFeatures, high: high.features, selector: high.selector,
          layerCount: decoder.layers.count))
    else { return nil }
    // High-resolution keys carry the image's positions: they serve every prompt that puts it there.
    if highKeyValues?.imageStart != range.lowerBound {
      highKeyValues = makeHighKeyValues(high, imageStart: range.lowerBound)
    }
    return HighView(
      keyValues: highKeyValues!, selector: high.selector, policy: policy, imageRange: range)
  }
}

// MARK: - Keeping

extension DecodingSession {
  /// How much there is to keep; it only grows.
  struct Extent: Equatable {
    let crops: Int
    let projectedTokens: Int
    let hasPrompt: Bool
  }

  var extent: Extent {
    Extent(
      crops: image?.highResolution?.features.encodedCropCount ?? 0,
      projectedTokens: projectedTokenCount, hasPrompt: plainCount > 0 && !policy.isPruning)
  }

  func save(to record: inout CacheRecord) {
    image?.save(to: &record)
    highKeyValues?.save(to: &record)
    // Tokens that a policy pruned stand at the image's place for that policy alone.
    if plainCount == 0 || policy.isPruning { return }
    record.add("prompt.ids", Array(ids[..<plainCount]))
    let positions = Prompt(ids: ids, imageTokenCount: imageTokens?.rows ?? 0).positions(
      of: plainCount)
    for index in cache.keys.indices {
      record.add("layer.\(index).keys", cache.keys[index].rows(0..<positions))
      record.add("layer.\(index).values", cache.values[index].rows(0..<positions))
    }
  }

  /// Takes over what the record has of a session; anything less than all of a prompt is left out.
  func restore(_ record: CacheRecord) {
    let language = decoder.configuration
    if let start = record.list("high.image_start")?.first, let image,
      let high = image.highResolution,
      start >= 0, start + image.low.rows <= language.contextLength
    {
      highKeyValues = makeHighKeyValues(high, imageStart: start)
      highKeyValues?.restore(
        record, layerCount: language.layerCount, columns: language.keyValueWidth)
    }
    guard let kept = record.list("prompt.ids"),
      kept.allSatisfy({ $0 == Tokenizer.imageMarker || 0..<language.vocabularySize ~= $0 })
    else { return }
    let prompt = Prompt(ids: kept, imageTokenCount: image?.low.rows ?? 0)
    let count = prompt.positionCount
    if count > language.contextLength { return }
    for index in cache.keys.indices {
      guard
        let keys = record.matrix(
          "layer.\(index).keys", rows: count, columns: language.keyValueWidth),
        let values = record.matrix(
          "layer.\(index).values", rows: count, columns: language.keyValueWidth)
      else { return }
      cache.keys[index].rows(0..<count).copy(from: keys)
      cache.values[index].rows(0..<count).copy(from: values)
    }
    cache.advance(by: count)
    (ids, plainCount, imageTokens) = (kept, kept.count, image?.low)
  }
}
