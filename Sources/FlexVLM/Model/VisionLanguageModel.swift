/// A vision-language model with FlexAttention: loads a GGUF file, looks at images, answers
/// questions about them.
///
/// ```swift
/// let model = try VisionLanguageModel(contentsOfFile: "Weights/flexvlm-mini.gguf")
/// let image = try await model.encode(try RGBImage(contentsOfFile: "receipt.png"))
/// print(try await model.ask(.question("what is the total?"), about: image).text)
/// for try await text in model.stream(.question("who issued it?"), about: image) {
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
  /// Every tensor of the file, in its order.
  public let tensors: [TensorSummary]
  let encoder: VisionEncoder
  let projector: Projector
  let decoder: Decoder
  let tokenizer: Tokenizer
  /// What the weights lie in.
  let file: MappedFile
  /// Threads that one request uses.
  public let threads: Int

  /// - Parameters:
  ///   - path: a GGUF file made by `Scripts/convert.py`.
  ///   - threads: threads that one request may use; all cores when nil.
  ///   - promptTemplate: takes the place of the file's own; `<image>` and `{question}` stand in it
  ///     once each.
  /// - Throws: ``WeightsError``, with every fault of the file at once.
  public convenience init(
    contentsOfFile path: String, threads: Int? = nil, promptTemplate: String? = nil
  ) throws(WeightsError) {
    if let fault = promptTemplate.flatMap(PromptTemplate.fault) {
      throw .unusable(path: path, faults: ["the prompt template given for it \(fault)"])
    }
    try self.init(contentsOfFile: path, threads: threads) { configuration in
      if let promptTemplate { configuration.promptTemplate = promptTemplate }
    }
  }

  /// - Parameter adjust: changes the configuration before weights are looked up by it.
  init(
    contentsOfFile path: String, threads: Int?, adjusting adjust: (inout ModelConfiguration) -> Void
  ) throws(WeightsError) {
    _ = BLAS.coreName
    let gguf = try GGUFFile(path: path)
    var reader = MetadataReader(gguf.metadata)
    var configuration = ModelConfiguration(from: &reader)
    adjust(&configuration)
    let vocabulary = Vocabulary(from: &reader, limit: configuration.language.vocabularySize)
    fileType = Self.fileTypeName(
      reader.integer("general.file_type", in: 0...1024, default: 1024))
    // Shapes can only be checked against hyper-parameters that make sense.
    guard reader.faults.isEmpty else { throw .unusable(path: path, faults: reader.faults) }
    let demand = configuration.tableDemand
    guard demand.isMet else { throw .outOfMemory(path: path, bytes: demand.work) }

    var store = TensorStore(gguf)
    encoder = VisionEncoder(configuration.vision, from: &store)
    projector = Projector(configuration.vision, configuration.language, from: &store)
    decoder = Decoder(configuration.language, high: configuration.high, from: &store)
    guard store.faults.isEmpty else { throw .unusable(path: path, faults: store.faults) }
    tokenizer = Tokenizer(vocabulary: vocabulary)
    self.configuration = configuration
    self.path = path
    file = gguf.file
    tensors = gguf.tensors.map {
      TensorSummary(name: $0.name, type: $0.type.description, shape: $0.shape, bytes: $0.byteCount)
    }
    self.threads = threads ?? ComputeBackend.coreCount
  }

  /// Names of GGUF's `general.file_type` codes that the converter writes.
  private static func fileTypeName(_ code: Int) -> String {
    switch code {
    case 0: "F32"
    case 1: "F16"
    case 7: "Q8_0"
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
