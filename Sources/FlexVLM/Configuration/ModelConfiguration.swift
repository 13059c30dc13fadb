/// Every hyper-parameter of a model, as its GGUF file states them.
public struct ModelConfiguration: Sendable, Equatable {
  public var name: String
  /// What the file tells about itself: license, author, url and description, those that it has.
  public var about: [String: String] = [:]
  public var language: LanguageConfiguration
  public var vision: VisionConfiguration
  /// Nil for a plain LLaVA model, which sees the low-resolution view alone.
  public var high: HighResolutionConfiguration?
  /// The prompt, with the places `<image>` and `{question}`.
  public var promptTemplate: String
  /// Whether the model was trained to answer character by character; options are scored so.
  public var spellsAnswers = false
}

/// Sizes of the LLaMA decoder.
public struct LanguageConfiguration: Sendable, Equatable {
  public var vocabularySize: Int
  public var contextLength: Int
  public var width: Int
  public var feedForwardWidth: Int
  public var layerCount: Int
  public var headCount: Int
  public var keyValueHeadCount: Int
  public var normEpsilon: Float
  public var ropeBase: Float
  /// Whether rows of query and key weights are in llama.cpp's order (see `RotaryTable`).
  public var rotatesNeighbours = false

  public var headWidth: Int { width / headCount }
  public var keyValueWidth: Int { keyValueHeadCount * headWidth }
}

/// Sizes of the CLIP tower and of the low-resolution view.
public struct VisionConfiguration: Sendable, Equatable {
  /// Side in pixels that the tower was made for; its position table covers (side / patch)² patches.
  public var nativeSize: Int
  public var patchSize: Int
  public var width: Int
  public var feedForwardWidth: Int
  /// Layers stored, all of which run: the converter leaves out those behind the selected features.
  public var layerCount: Int
  public var headCount: Int
  public var normEpsilon: Float
  /// Per channel, of pixels scaled to 0...1.
  public var imageMean: [Float]
  public var imageDeviation: [Float]
  /// Side in pixels of the low-resolution view.
  public var lowSize: Int

  public var headWidth: Int { width / headCount }
  public var nativeGrid: Int { nativeSize / patchSize }
  /// Low-resolution patches along a side; their square is the number of image tokens.
  public var lowGrid: Int { lowSize / patchSize }
}

/// The high-resolution view and how its cells are selected (FlexAttention, section 3).
public struct HighResolutionConfiguration: Sendable, Equatable {
  /// Side in pixels of the high-resolution view.
  public var size: Int
  /// Crops along a side, each as large as the tower's input.
  public var zoom: Int
  /// Patches along a side of the whole view.
  public var grid: Int
  /// The first layer that selects cells; layers after it attend to what the one before selected.
  public var firstSelectionLayer: Int
  /// Cells along a side.
  public var selectionGrid: Int
  /// Of 255: a low-resolution patch counts when its min-max scaled attention is above it.
  public var threshold: Int

  public var cellCount: Int { selectionGrid * selectionGrid }

  /// Side of one crop in pixels. A view of at most 336 pixels is encoded whole (Algorithm 2.5).
  public var cropSize: Int { size <= 336 ? size : size / zoom }
  public var cropsPerSide: Int { size / cropSize }
  public var cropCount: Int { cropsPerSide * cropsPerSide }
}

extension ModelConfiguration {
  /// LLaVA-1.5's own conversation, for files that name none.
  static let llavaTemplate =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives "
    + "helpful, detailed, and polite answers to the user's questions. USER: <image>\n{question} "
    + "ASSISTANT:"

  /// Keys of ``about``, in the order in which they are told.
  public static let aboutKeys = ["description", "author", "license", "url"]

  /// Reads and checks all hyper-parameters; faults go to the reader.
  init(from reader: inout MetadataReader, layout: ModelFiles.Layout) {
    if !reader.has("general.architecture") { reader.fault("it does not name its architecture") }
    name =
      reader.has("general.name") ? reader.string("general.name").printableInLine : "unnamed"
    for key in Self.aboutKeys where reader.has("general.\(key)") {
      about[key] = reader.string("general.\(key)").printableInLine
    }
    switch layout {
    case .whole:
      language = LanguageConfiguration(from: &reader, prefix: "flexvlm")
      vision = VisionConfiguration(from: &reader)
      vision.lowSize = reader.integer("flexvlm.vision.low_size", in: 1...8192)
      promptTemplate = PromptTemplate.bare(reader.string("flexvlm.prompt_template"))
    case .pair:
      language = LanguageConfiguration(from: &reader, prefix: "llama")
      language.rotatesNeighbours = true
      vision = VisionConfiguration(from: &reader)
      vision.selectLayers(from: &reader)
      promptTemplate = Self.llavaTemplate
    }
    vision.checkLowSize(&reader)
    high =
      reader.has("flexvlm.vision.high_size")
      ? HighResolutionConfiguration(from: &reader, vision: vision) : nil
    spellsAnswers = reader.boolean("flexvlm.spells_answers", default: false)
    if let fault = PromptTemplate.fault(in: promptTemplate) {
      reader.fault("flexvlm.prompt_template \(fault)")
    }
    if vision.lowGrid * vision.lowGrid >= language.contextLength {
      reader.fault(
        "\(vision.lowGrid * vision.lowGrid) image tokens do not fit in the context of "
          + "\(language.contextLength)")
    }
    checkDemands(&reader)
  }

  /// What no tensor of the file bounds: the sizes that memory and work grow with.
  private func checkDemands(_ reader: inout MetadataReader) {
    let demands = [
      (high?.size ?? vision.nativeSize, 4096, "pixels a side of the view"),
      (vision.nativeGrid, 64, "patches a side of a crop"),
      (high?.grid ?? 0, 256, "patches a side of the high view"),
      (language.contextLength * language.headWidth, 1 << 25, "components of rotary positions"),
      (language.feedForwardWidth / language.width, 32, "times the width in the feed-forward part"),
      (vision.feedForwardWidth / vision.width, 32, "times the width in the tower's feed-forward"),
    ]
    for (value, limit, what) in demands where value > limit {
      reader.fault("\(value) \(what) are more than the \(limit) that are run")
    }
  }
}

extension LanguageConfiguration {
  /// - Parameter prefix: of the keys; the name of the architecture.
  init(from reader: inout MetadataReader, prefix: String) {
    func key(_ name: String) -> String { "\(prefix).\(name)" }
    // Older files of llama.cpp leave out what the vocabulary tells, or what is LLaMA's default.
    vocabularySize =
      reader.has(key("vocab_size"))
      ? reader.integer(key("vocab_size"), in: 1...1_000_000)
      : max(reader.strings("tokenizer.ggml.tokens").count, 1)
    contextLength = reader.integer(key("context_length"), in: 8...1_048_576)
    width = reader.integer(key("embedding_length"), in: 2...65_536)
    feedForwardWidth = reader.integer(key("feed_forward_length"), in: 1...1_048_576)
    layerCount = reader.integer(key("block_count"), in: 1...1024)
    headCount = reader.integer(key("attention.head_count"), in: 1...1024)
    keyValueHeadCount = reader.integer(
      key("attention.head_count_kv"), in: 1...1024, default: headCount)
    normEpsilon = reader.number(key("attention.layer_norm_rms_epsilon"), in: 0...1)
    ropeBase = reader.number(key("rope.freq_base"), in: 1...1e9, default: 10_000)
    reader.expect(
      key("rope.scaling.type"), among: [.string("none")], "rotary positions are run unscaled")
    reader.expect(
      key("rope.scale_linear"), among: [.number(1)], "rotary positions are run unscaled")
    reader.expect(key("expert_count"), among: [.integer(0)], "mixtures of experts are not run")
    reader.expect(
      key("attention.key_length"), among: [.integer(width / headCount)],
      "heads are as wide as the embedding's share")
    if width % headCount != 0 || width / headCount % 2 != 0 {
      reader.fault("\(headCount) heads do not divide the width \(width) into even parts")
    }
    if headCount % keyValueHeadCount != 0 {
      reader.fault("\(keyValueHeadCount) key heads do not divide \(headCount) query heads")
    }
    let rotated = reader.integer(
      key("rope.dimension_count"), in: 1...65_536, default: width / headCount)
    if rotated != width / headCount {
      reader.fault("rotary positions on \(rotated) of \(width / headCount) dimensions")
    }
  }
}

extension VisionConfiguration {
  init(from reader: inout MetadataReader) {
    nativeSize = reader.integer("clip.vision.image_size", in: 1...8192)
    patchSize = reader.integer("clip.vision.patch_size", in: 1...1024)
    width = reader.integer("clip.vision.embedding_length", in: 1...65_536)
    feedForwardWidth = reader.integer("clip.vision.feed_forward_length", in: 1...1_048_576)
    layerCount = reader.integer("clip.vision.block_count", in: 1...1024)
    headCount = reader.integer("clip.vision.attention.head_count", in: 1...1024)
    normEpsilon = reader.number("clip.vision.attention.layer_norm_epsilon", in: 0...1)
    imageMean = reader.numbers("clip.vision.image_mean", count: 3).map(Float.init)
    imageDeviation = reader.numbers("clip.vision.image_std", count: 3).map(Float.init)
    lowSize = nativeSize
    if width % headCount != 0 {
      reader.fault("\(headCount) vision heads do not divide the width \(width)")
    }
    if !imageMean.allSatisfy({ (0...1).contains($0) })
      || imageDeviation.contains(where: { $0 < 1e-6 })
    {
      reader.fault("clip.vision.image_mean or image_std is out of range")
    }
    for key in ["clip.use_gelu", "clip.use_silu"] {
      reader.expect(key, among: [.boolean(false)], "CLIP's quick-GELU is run")
    }
    for key in ["clip.projector_type", "clip.vision.projector_type"] {
      reader.expect(key, among: [.string("mlp")], "LLaVA's projector of two layers is run")
    }
  }

  /// Runs as many layers as llama.cpp's file asks for; without such a key all it holds, since its
  /// converter has already left out the last one.
  mutating func selectLayers(from reader: inout MetadataReader) {
    let key = "clip.vision.feature_layer"
    guard reader.has(key), let layer = reader.integers(key, count: 1).first else { return }
    if !(1...layerCount).contains(layer) {
      reader.fault("\(key) is \(layer), where the tower has \(layerCount) layers")
    }
    layerCount = layer
  }

  func checkLowSize(_ reader: inout MetadataReader) {
    if nativeSize % patchSize != 0 || lowSize % patchSize != 0 || lowSize > nativeSize {
      reader.fault(
        "a low view of \(lowSize) pixels in patches of \(patchSize) does not fit a tower made for "
          + "\(nativeSize)")
    }
  }
}

extension HighResolutionConfiguration {
  init(from reader: inout MetadataReader, vision: VisionConfiguration) {
    size = reader.integer("flexvlm.vision.high_size", in: 1...8192)
    zoom = reader.integer("flexvlm.vision.zoom", in: 1...64)
    grid = size / vision.patchSize
    firstSelectionLayer = reader.integer("flexvlm.selection.first_layer", in: 0...1023, default: 8)
    selectionGrid = reader.integer("flexvlm.selection.grid", in: 1...1024, default: 9)
    threshold = reader.integer("flexvlm.selection.threshold", in: 0...255, default: 64)
    if selectionGrid > vision.lowGrid || selectionGrid > grid {
      reader.fault(
        "\(selectionGrid) cells a side are more than the \(vision.lowGrid) low or \(grid) high "
          + "patches")
    }
    if size % cropSize != 0 || cropSize % vision.patchSize != 0 || cropSize > vision.nativeSize
      || (size > 336 && size % zoom != 0)
    {
      reader.fault(
        "a high view of \(size) pixels at zoom \(zoom) does not make whole crops of patches of "
          + "\(vision.patchSize) within the tower's \(vision.nativeSize)")
    }
  }
}
