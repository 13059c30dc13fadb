/// A vision-language model with FlexAttention: loads a GGUF file, looks at images, answers
/// questions about them.
///
/// ```swift
/// let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
/// let image = try await model.encode(try RGBImage(contentsOfFile: "receipt.png"))
/// print(try await model.ask("what is the total?", about: image).text)
/// for try await text in model.stream("who issued it?", about: image) {
///   print(text, terminator: "")
/// }
/// ```
///
/// The weights are mapped, not read: loading takes milliseconds, and processes share the memory.
///
/// Loading a model settles OpenBLAS for the whole process: its kernels, which are chosen by what the
/// processor can do unless the environment's OPENBLAS_CORETYPE names others, and its threads, of which
/// it then has one. Load a model before other code of the process calls OpenBLAS.
public final class VisionLanguageModel: Sendable {
  public let configuration: ModelConfiguration
  /// How most weights are stored, such as "F16".
  public let fileType: String
  public let path: String
  /// llama.cpp's second file, with the vision tower; nil where one file holds the model.
  public let projectorPath: String?
  /// Every tensor of the file, in its order.
  public let tensors: [TensorSummary]
  let encoder: VisionEncoder
  let projector: Projector
  let decoder: Decoder
  let tokenizer: Tokenizer
  /// What the weights lie in: one file, or a pair.
  let mapped: [MappedFile]
  /// Threads that one request uses.
  public let threads: Int
  public let precision: Precision

  /// - Parameters:
  ///   - path: a GGUF file made by `Scripts/convert.py`, or the language model of a pair made by
  ///     llama.cpp's converters.
  ///   - projector: the pair's second file (mmproj).
  ///   - threads: threads that one request may use; all cores when nil.
  ///   - precision: of matrix products; one that is not available runs as `auto`.
  ///   - promptTemplate: takes the place of the file's own; `<image>` and `{question}` stand in it
  ///     once each.
  /// - Throws: ``WeightsError``, with every fault of the file at once.
  public convenience init(
    contentsOfFile path: String, projector: String? = nil, threads: Int? = nil,
    precision: Precision = .auto, promptTemplate: String? = nil
  ) throws(WeightsError) {
    if let fault = promptTemplate.flatMap(PromptTemplate.fault) {
      throw .unusable(path: path, faults: ["the prompt template given for it \(fault)"])
    }
    try self.init(
      contentsOfFile: path, projector: projector, threads: threads, precision: precision
    ) { configuration in
      if let promptTemplate { configuration.promptTemplate = promptTemplate }
    }
  }

  /// - Parameter adjust: changes the configuration before weights are looked up by it.
  init(
    contentsOfFile path: String, projector: String? = nil, threads: Int?, precision: Precision,
    adjusting adjust: (inout ModelConfiguration) -> Void
  ) throws(WeightsError) {
    _ = BLAS.coreName
    let files = try ModelFiles(path: path, projector: projector)
    var reader = MetadataReader(files.metadata)
    var configuration = ModelConfiguration(from: &reader, layout: files.layout)
    adjust(&configuration)
    let vocabulary = Vocabulary(from: &reader, limit: configuration.language.vocabularySize)
    fileType = Self.fileTypeName(
      reader.integer("general.file_type", in: 0...1024, default: 1024))
    // Shapes can only be checked against hyper-parameters that make sense.
    guard reader.faults.isEmpty else { throw .unusable(path: path, faults: reader.faults) }
    let demand = configuration.tableDemand
    guard demand.isMet else { throw .outOfMemory(path: path, bytes: demand.work) }

    var store = TensorStore(files.files)
    encoder = VisionEncoder(configuration.vision, from: &store)
    self.projector = Projector(configuration.vision, configuration.language, from: &store)
    decoder = Decoder(configuration.language, high: configuration.high, from: &store)
    // Sizes and settings alone do not tell these from LLaMA's own.
    store.refuse { $0 == "rope_freqs.weight" || $0.hasPrefix("blk.") && $0.hasSuffix(".bias") }
    guard store.faults.isEmpty else { throw .unusable(path: path, faults: store.faults) }
    tokenizer = Tokenizer(vocabulary: vocabulary)
    self.configuration = configuration
    self.path = path
    projectorPath = projector
    mapped = files.files.map(\.file)
    tensors = files.files.flatMap(\.tensors).map {
      TensorSummary(name: $0.name, type: $0.type.description, shape: $0.shape, bytes: $0.byteCount)
    }
    self.threads = threads ?? ComputeBackend.coreCount
    self.precision = precision
  }

  /// The same model, its weights shared, with so many threads for one request.
  package init(_ model: VisionLanguageModel, threads: Int) {
    (configuration, fileType, tensors) = (model.configuration, model.fileType, model.tensors)
    (path, projectorPath, mapped) = (model.path, model.projectorPath, model.mapped)
    (encoder, projector, decoder) = (model.encoder, model.projector, model.decoder)
    (tokenizer, precision) = (model.tokenizer, model.precision)
    self.threads = threads
  }

  /// Names of GGUF's `general.file_type` codes, for types that can be read.
  private static func fileTypeName(_ code: Int) -> String {
    switch code {
    case 0: "F32"
    case 1: "F16"
    case 2: "Q4_0"
    case 3: "Q4_1"
    case 7: "Q8_0"
    case 8: "Q5_0"
    case 9: "Q5_1"
    case 14: "Q4_K, small"
    case 15: "Q4_K"
    case 16: "Q5_K, small"
    case 17: "Q5_K"
    case 18: "Q6_K"
    case 32: "BF16"
    default: "unknown"
    }
  }
}

/// One tensor of a model file.
public struct TensorSummary: Sendable, Equatable {
  public let name: String
  public let type: String
  /// Row-major, [outputs, inputs] for a weight.
  public let shape: [Int]
  public let bytes: Int
}
