// Times of the stages of an answer, each by the code that answers run:
//
//   image file -> decode -> resize -> tower, projector -> prompt through the decoder
//   -> high-resolution keys and values -> one token more

/// Sizes to measure without a model file.
package enum Geometry: String, CaseIterable, Sendable {
  case llava7B = "llava-7b"
  case llava13B = "llava-13b"
  case mini

  /// - Parameter layers: cuts the decoder and the tower to so many layers.
  func configuration(layers: Int?) -> ModelConfiguration {
    var configuration = ModelConfiguration.official7B
    configuration.name = rawValue
    // Long enough for all high-resolution tokens in the prompt, which other systems put there.
    configuration.language.contextLength = 8192
    configuration.vision.imageMean = [0.5, 0.5, 0.5]
    configuration.vision.imageDeviation = [0.25, 0.25, 0.25]
    switch self {
    case .llava7B: break
    case .llava13B:
      configuration.language.width = 5120
      configuration.language.feedForwardWidth = 13824
      configuration.language.layerCount = 40
      configuration.language.headCount = 40
      configuration.language.keyValueHeadCount = 40
    case .mini:
      configuration.language = LanguageConfiguration(
        vocabularySize: 2048, contextLength: 8192, width: 256, feedForwardWidth: 688,
        layerCount: 8, headCount: 4, keyValueHeadCount: 4, normEpsilon: 1e-5, ropeBase: 10_000)
      configuration.vision.width = 256
      configuration.vision.feedForwardWidth = 1024
      configuration.vision.layerCount = 6
      configuration.vision.headCount = 4
      configuration.high?.firstSelectionLayer = 2
    }
    if let layers {
      let count = min(layers, configuration.language.layerCount)
      configuration.language.layerCount = count
      configuration.vision.layerCount = min(layers, configuration.vision.layerCount)
      // The last layer keeps its high-resolution projections.
      let first = configuration.high.map { min($0.firstSelectionLayer, max(0, count - 2)) }
      configuration.high?.firstSelectionLayer = first ?? 0
    }
    return configuration
  }
}

/// One stage's time and work.
package struct StageTime: Sendable {
  package let name: String
  /// What was run.
  package let detail: String
  /// What bounds it.
  package let bound: Ceilings.Kind
  /// Operations of matrix products; bytes that must be read once (pixels, weights, keys and values)
  /// where memory is the bound.
  package let work: Double
  /// The best of all rounds.
  package internal(set) var seconds = Double.infinity

  /// Operations or bytes a second.
  package var rate: Double { work / seconds }

  /// Share of what the machine can do.
  package func share(of ceilings: Ceilings) -> Double { rate / (ceilings[bound] ?? .infinity) }
}

/// Measures a model, or the sizes of one.
package final class StageBenchmark {
  package let configuration: ModelConfiguration
  /// How most weights are stored.
  package let fileType: String
  package let threads: Int
  package let precision: Precision
  package internal(set) var ceilings = Ceilings()
  package internal(set) var stages: [StageTime] = []

  let encoder: VisionEncoder
  let projector: Projector
  let decoder: Decoder
  let workspace: Workspace
  let ceilingWork: CeilingWork
  let clock = ContinuousClock()

  /// - Throws: ``WeightsError``, where there is no memory to measure in.
  package convenience init(_ model: VisionLanguageModel) throws(WeightsError) {
    try self.init(
      model.configuration, fileType: model.fileType, model.encoder, model.projector, model.decoder,
      threads: model.threads, precision: model.precision)
  }

  /// - Parameters:
  ///   - geometry: the sizes.
  ///   - layers: of decoder and tower; all when nil.
  ///   - type: how random weights are stored.
  ///   - threads: all cores when nil.
  ///   - precision: of matrix products.
  /// - Throws: ``WeightsError``, where there is no memory for the weights.
  package convenience init(
    _ geometry: Geometry, layers: Int?, type: QuantizationType, threads: Int?, precision: Precision
  ) throws(WeightsError) {
    let configuration = geometry.configuration(layers: layers)
    let random = RandomWeights(type: type, layerCount: configuration.language.layerCount)
    var store = try TensorStore(making: random.weight)
    let encoder = VisionEncoder(configuration.vision, from: &store)
    let projector = Projector(configuration.vision, configuration.language, from: &store)
    let decoder = Decoder(configuration.language, high: configuration.high, from: &store)
    guard store.faults.isEmpty else {
      throw .unusable(path: geometry.rawValue, faults: store.faults)
    }
    try self.init(
      configuration, fileType: type.rawValue, encoder, projector, decoder,
      threads: threads ?? ComputeBackend.coreCount, precision: precision)
  }

  private init(
    _ configuration: ModelConfiguration, fileType: String, _ encoder: VisionEncoder,
    _ projector: Projector, _ decoder: Decoder, threads: Int, precision: Precision
  ) throws(WeightsError) {
    _ = BLAS.coreName
    self.configuration = configuration
    self.fileType = fileType
    self.encoder = encoder
    self.projector = projector
    self.decoder = decoder
    self.threads = threads
    self.precision = precision
    workspace = Workspace(threads: threads, precision: precision)
    ceilingWork = try CeilingWork(workspace)
  }
}
