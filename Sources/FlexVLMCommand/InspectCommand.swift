import FlexVLM

/// `flexvlm inspect`: hyper-parameters, sizes and tensors of a model file.
enum InspectCommand {
  /// What `--json` prints; sizes as the model file has them.
  private struct Report: Encodable {
    struct Language: Encodable {
      let layers, width, heads, keyValueHeads, feedForward, vocabulary, context: Int
    }
    struct Vision: Encodable {
      let layers, width, heads, patch, nativeSize: Int
    }
    struct View: Encodable {
      let size, tokens: Int
      var crops, cropSize: Int?
    }
    struct Selection: Encodable {
      let firstLayer, grid, threshold: Int
    }
    struct Tensor: Encodable {
      let name: String
      let type: String
      let shape: [Int]
      let bytes: Int
    }
    let model, fileType, path: String
    /// The vision tower's file, of a model in two.
    let visionPath: String?
    /// License, author, URL and description, as far as the file tells them.
    let about: [String: String]
    let parameters, tensorCount, bytes: Int
    let language: Language
    let vision: Vision
    let lowView: View
    /// Absent for plain LLaVA, as the selection is.
    let highView: View?
    let selection: Selection?
    let promptTemplate: String
    let blas, kernels: String
    let threads: Int
    let tensors: [Tensor]?
  }

  static func run(_ request: InspectRequest, terminal: Terminal) throws {
    var engine = EngineSettings()
    (engine.model, engine.projector) = (request.model, request.projector)
    let model = try engine.loadModel()
    if request.json {
      return try terminal.output.write(
        JSON.line(report(model, listsTensors: request.listsTensors)))
    }
    let rows = settings(of: model)
    let width = rows.map(\.name.count).max() ?? 0
    for (name, value) in rows {
      try terminal.output.write(name.padded(to: width), .dim)
      try terminal.output.write("  \(value.printableInLine)\n")
    }
    if request.listsTensors { try terminal.output.write("\n" + table(model.tensors)) }
  }

  private static func report(_ model: VisionLanguageModel, listsTensors: Bool) -> Report {
    let (language, vision) = (model.configuration.language, model.configuration.vision)
    let high = model.configuration.high
    let tensors = model.tensors.map {
      Report.Tensor(name: $0.name, type: $0.type, shape: $0.shape, bytes: $0.bytes)
    }
    return Report(
      model: model.configuration.name, fileType: model.fileType, path: model.path,
      visionPath: model.projectorPath, about: model.configuration.about,
      parameters: model.parameterCount, tensorCount: tensors.count, bytes: model.byteCount,
      language: Report.Language(
        layers: language.layerCount, width: language.width, heads: language.headCount,
        keyValueHeads: language.keyValueHeadCount, feedForward: language.feedForwardWidth,
        vocabulary: language.vocabularySize, context: language.contextLength),
      vision: Report.Vision(
        layers: vision.layerCount, width: vision.width, heads: vision.headCount,
        patch: vision.patchSize, nativeSize: vision.nativeSize),
      lowView: Report.View(size: vision.lowSize, tokens: vision.lowGrid * vision.lowGrid),
      highView: high.map {
        Report.View(
          size: $0.size, tokens: $0.grid * $0.grid, crops: $0.cropsPerSide * $0.cropsPerSide,
          cropSize: $0.cropSize)
      },
      selection: high.map {
        Report.Selection(
          firstLayer: $0.firstSelectionLayer, grid: $0.selectionGrid, threshold: $0.threshold)
      },
      promptTemplate: model.configuration.promptTemplate, blas: ComputeBackend.blas,
      kernels: ComputeBackend.vectorInstructions, threads: model.threads,
      tensors: listsTensors ? tensors : nil)
  }

  private static func settings(
    of model: VisionLanguageModel
  ) -> [(name: String, value: String)] {
    let (language, vision) = (model.configuration.language, model.configuration.vision)
    var rows = [
      ("model", "\(model.configuration.name), \(model.fileType)"),
      ("file", model.path),
    ]
    for key in ModelConfiguration.aboutKeys {
      if let text = model.configuration.about[key] { rows.append((key, text)) }
    }
    if let projector = model.projectorPath { rows.append(("vision file", projector)) }
    rows += [
      ("size", size(of: model)),
      (
        "language",
        counted(language.layerCount, "layer")
          + " of \(language.width), \(counted(language.headCount, "head")) "
          + "(\(language.keyValueHeadCount) for keys), feed-forward \(language.feedForwardWidth), "
          + "\(language.vocabularySize) tokens, context \(language.contextLength)"
      ),
      (
        "vision",
        counted(vision.layerCount, "layer")
          + " of \(vision.width), \(counted(vision.headCount, "head")), "
          + "patches of \(vision.patchSize) pixels, made for \(vision.nativeSize)"
      ),
      (
        "low view",
        "\(vision.lowSize) x \(vision.lowSize) pixels, \(vision.lowGrid * vision.lowGrid) tokens"
      ),
    ]
    if let high = model.configuration.high {
      rows += [
        (
          "high view",
          "\(high.size) x \(high.size) pixels, \(high.grid * high.grid) tokens, "
            + "\(counted(high.cropCount, "crop")) of \(high.cropSize)"
        ),
        (
          "selection",
          "from layer \(high.firstSelectionLayer) on, \(high.selectionGrid) x "
            + "\(high.selectionGrid) cells, threshold \(high.threshold) of 255"
        ),
      ]
    } else {
      rows.append(("high view", "none: plain LLaVA"))
    }
    return rows + [
      ("prompt", model.configuration.promptTemplate.debugDescription),
      ("products", ComputeBackend.products(model.precision)),
      ("BLAS", ComputeBackend.blas),
      ("own kernels", ComputeBackend.vectorInstructions),
      ("threads", "\(model.threads)"),
    ]
  }

  private static func size(of model: VisionLanguageModel) -> String {
    let millions = (Double(model.parameterCount) / 1e5).rounded() / 10
    let mebibytes = (Double(model.byteCount) / Double(1 << 20) * 10).rounded() / 10
    let count = counted(model.tensors.count, "tensor")
    return "\(millions) M parameters in \(count), \(mebibytes) MiB"
  }

  private static func table(_ tensors: [TensorSummary]) -> String {
    let width = tensors.map(\.name.printableInLine.count).max() ?? 0
    return tensors.map { tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " x ")
      let name = tensor.name.printableInLine.padded(to: width)
      return "\(name)  \(tensor.type.padded(to: 5))  \(shape)\n"
    }.joined()
  }
}

extension VisionLanguageModel {
  var parameterCount: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  /// Of the tensors.
  var byteCount: Int { tensors.reduce(0) { $0 + $1.bytes } }
}
