import FlexVLM

/// `flexvlm inspect`: hyper-parameters, sizes and tensors of a model file.
enum InspectCommand {
  private struct Report: Encodable {
    struct Item: Encodable {
      let name: String
      let value: String
    }
    struct Tensor: Encodable {
      let name: String
      let type: String
      let shape: [Int]
      let bytes: Int
    }
    let path: String
    let settings: [Item]
    let tensors: [Tensor]?
  }

  static func run(_ request: InspectRequest, terminal: Terminal) async throws {
    var engine = EngineSettings()
    (engine.model, engine.projector) = (request.model, request.projector)
    let model = try engine.loadModel()
    let rows = settings(of: model)
    if request.json {
      let tensors = model.tensors.map {
        Report.Tensor(name: $0.name, type: $0.type, shape: $0.shape, bytes: $0.bytes)
      }
      try terminal.output.write(
        JSON.line(
          Report(
            path: model.path, settings: rows.map { Report.Item(name: $0.name, value: $0.value) },
            tensors: request.listsTensors ? tensors : nil)))
      return
    }
    let width = rows.map(\.name.count).max() ?? 0
    for (name, value) in rows {
      try terminal.output.write(
        terminal.output.styled(name.padded(to: width), .dim) + "  \(value)\n")
    }
    if request.listsTensors { try terminal.output.write("\n" + table(model.tensors)) }
  }

  private static func settings(
    of model: VisionLanguageModel
  ) -> [(name: String, value: String)] {
    let (language, vision) = (model.configuration.language, model.configuration.vision)
    var rows = [
      ("model", "\(model.configuration.name), \(model.fileType)"),
      ("file", model.path),
    ]
    if let projector = model.projectorPath { rows.append(("vision file", projector)) }
    rows += [
      ("size", size(of: model.tensors)),
      (
        "language",
        "\(language.layerCount) layers of \(language.width), \(language.headCount) heads "
          + "(\(language.keyValueHeadCount) for keys), feed-forward \(language.feedForwardWidth), "
          + "\(language.vocabularySize) tokens, context \(language.contextLength)"
      ),
      (
        "vision",
        "\(vision.layerCount) layers of \(vision.width), \(vision.headCount) heads, "
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
            + "\(high.cropCount) crops of \(high.cropSize)"
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

  private static func size(of tensors: [TensorSummary]) -> String {
    let bytes = tensors.reduce(0) { $0 + $1.bytes }
    let parameters = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let millions = (Double(parameters) / 1e5).rounded() / 10
    let mebibytes = (Double(bytes) / Double(1 << 20) * 10).rounded() / 10
    return "\(millions) M parameters in \(tensors.count) tensors, \(mebibytes) MiB"
  }

  private static func table(_ tensors: [TensorSummary]) -> String {
    let width = tensors.map(\.name.count).max() ?? 0
    return tensors.map { tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " x ")
      return "\(tensor.name.padded(to: width))  \(tensor.type.padded(to: 5))  \(shape)\n"
    }.joined()
  }
}
