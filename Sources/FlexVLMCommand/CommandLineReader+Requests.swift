import FlexVLM

// Option values and positionals to a request.

extension CommandLineReader {
  mutating func request() throws(UsageError) -> Request {
    if values.showsHelp { return .help(command) }
    let request: Request =
      switch command {
      case .ask: .ask(try askRequest())
      case .explore: .explore(try exploreRequest())
      case .score: .score(try scoreRequest())
      case .cost:
        .cost(
          CostRequest(
            model: try optionalPositional("MODEL"), projector: values.engine.projector,
            setting: costSetting(),
            json: values.output.json))
      case .inspect:
        .inspect(
          InspectRequest(
            model: try optionalPositional("MODEL"), projector: values.engine.projector,
            listsTensors: values.listsTensors, json: values.output.json))
      case .bench: .bench(try benchRequest())
      case .quantize: .quantize(try quantizeRequest())
      case .eval: .eval(try evalRequest())
      case .extract: .extract(try extractRequest())
      case .metric: .metric(try metricRequest())
      case .merge: .merge(try mergeRequest())
      case .serve: .serve(serveRequest())
      case .help: try helpRequest()
      case .completions: .completions(try shell())
      case .version: .version
      }
    if let extra = positionals.first { throw error(.unexpectedPositional(extra)) }
    try checkOccurrences()
    try checkSelection()
    if values.promptFile != nil, values.engine.promptTemplate != nil {
      throw error(.conflictingOptions("--prompt-file", "--prompt-template"))
    }
    return request
  }

  private func costSetting() -> CostSetting {
    var setting = values.cost
    setting.selection.policy = values.engine.policy
    setting.selection.budget = values.engine.budget
    return setting
  }

  /// Refuses settings that the chosen policy would ignore.
  private func checkSelection() throws(UsageError) {
    let engine = values.engine
    func isGiven(_ option: String) -> Bool { counts[option, default: 0] > 0 }
    let policy = "--policy \(engine.policy.rawValue)"
    if isGiven("budget"), engine.policy.defaultBudget == nil {
      throw error(.conflictingOptions(policy, "--budget"))
    }
    if isGiven("compat"), !engine.policy.hasCompatibleVariant {
      throw error(.conflictingOptions(policy, "--compat"))
    }
  }

  private func checkOccurrences() throws(UsageError) {
    for option in command.options {
      let (count, least) = (counts[option.name, default: 0], option.occurrences.lowerBound)
      guard count >= least else {
        throw error(.tooFewOccurrences(syntax: option.syntax, count: count, least: least))
      }
    }
  }

  private mutating func exploreRequest() throws(UsageError) -> ExploreRequest {
    let image = try positional("IMAGE")
    try refuseSharedFiles([("IMAGE", image), ("the questions", "-")])
    return ExploreRequest(image: image, generation: values.generation, engine: values.engine)
  }

  private mutating func askRequest() throws(UsageError) -> AskRequest {
    let image = values.usesImage ? try positional("IMAGE") : nil
    try refuseSharedFiles([
      ("IMAGE", image), ("'--questions'", values.questionsFile),
      ("'--prompt-file'", values.promptFile), ("'--heatmap'", values.heatmap.file),
      ("'--heatmap-layers'", values.heatmap.layersFile), ("'--trace'", values.output.traceFile),
    ])
    if values.heatmap.isShown, values.output.json {
      throw error(.conflictingOptions("--show", "--json"))
    }
    if image == nil, values.heatmap.isWanted {
      let option =
        values.heatmap.file != nil ? "--heatmap" : values.heatmap.isShown ? "--show" : nil
      throw error(.conflictingOptions("--no-image", option ?? "--heatmap-layers"))
    }
    return AskRequest(
      image: image, prompts: try askPrompts(image), generation: values.generation,
      engine: values.engine, heatmap: values.heatmap, output: values.output)
  }

  private mutating func askPrompts(_ image: String?) throws(UsageError) -> AskRequest.Prompts {
    switch (values.promptFile, values.questionsFile) {
    case (_?, _?):
      throw error(.conflictingOptions("--prompt-file", "--questions"))
    case (let file?, nil):
      try refuseQuestion(beside: "--prompt-file")
      return .promptFile(file)
    case (nil, let file?):
      try refuseQuestion(beside: "--questions")
      return .questionsFile(file)
    case (nil, nil):
      var questions = [try question(image)]
      while !positionals.isEmpty { questions.append(try question(image)) }
      return .questions(questions)
    }
  }

  private mutating func scoreRequest() throws(UsageError) -> ScoreRequest {
    let image = try positional("IMAGE")
    try refuseSharedFiles([
      ("IMAGE", image), ("'--prompt-file'", values.promptFile),
      ("'--trace'", values.output.traceFile),
    ])
    let prompt: ScoreRequest.Prompt
    if let file = values.promptFile {
      try refuseQuestion(beside: "--prompt-file")
      prompt = .promptFile(file)
    } else {
      prompt = .question(try question(image))
    }
    return ScoreRequest(
      image: image, prompt: prompt, options: values.options, engine: values.engine,
      output: values.output)
  }

  private mutating func evalRequest() throws(UsageError) -> EvalRequest {
    let benchmark = try benchmark()
    // Folders of these benchmarks may bring them.
    guard values.images != nil || [.vstar, .magnifier, .rsvqa].contains(benchmark) else {
      throw error(.missingOption("--images <path>"))
    }
    return EvalRequest(
      benchmark: benchmark, annotations: try annotations(), images: values.images,
      output: try required(values.outputFile, "--output <file>"), evaluation: values.evaluation,
      maxTokens: values.generation.maxTokens, seed: values.generation.seed, engine: values.engine,
      json: values.output.json)
  }

  private mutating func metricRequest() throws(UsageError) -> MetricRequest {
    MetricRequest(
      benchmark: try benchmark(), annotations: try annotations(), images: values.images,
      answers: try required(values.answers, "--answers <file>"), evaluation: values.evaluation,
      json: values.output.json)
  }

  private mutating func mergeRequest() throws(UsageError) -> MergeRequest {
    var shards = [try positional("SHARD")]
    while !positionals.isEmpty { shards.append(try positional("SHARD")) }
    return MergeRequest(
      shards: shards, output: try required(values.outputFile, "--output <file>"),
      json: values.output.json)
  }

  private func benchRequest() throws(UsageError) -> BenchRequest {
    for option in ["layers", "type"] where counts[option, default: 0] > 0 {
      guard values.bench.geometry != nil else { throw error(.missingOption("--geometry <name>")) }
    }
    if values.bench.geometry != nil {
      for option in ["model", "mmproj"] where counts[option, default: 0] > 0 {
        throw error(.conflictingOptions("--geometry", "--\(option)"))
      }
    }
    var request = values.bench
    request.crops = values.cost.crops
    request.textTokens = values.cost.textTokens
    request.engine = values.engine
    request.json = values.output.json
    return request
  }

  private func serveRequest() -> ServeRequest {
    var server = values.server
    (server.workers, server.isVerbose) = (values.evaluation.workers, values.output.verbose)
    return ServeRequest(engine: values.engine, server: server, keyFile: values.keyFile)
  }

  private mutating func quantizeRequest() throws(UsageError) -> QuantizeRequest {
    let (input, output) = (try positional("INPUT"), try positional("OUTPUT"))
    let name = try positional("TYPE")
    guard let type = QuantizationType(name: name) else { throw error(.unknownType(name)) }
    if values.calibration == nil, values.engine.projector != nil {
      throw error(.missingOption("--calibrate <folder>"))
    }
    return QuantizeRequest(
      input: input, output: output, type: type, calibration: values.calibration,
      projector: values.engine.projector, threads: values.engine.threads)
  }

  private mutating func helpRequest() throws(UsageError) -> Request {
    guard values.printsManual else {
      return .help(try positionals.popFirst().map(Self.command(named:)))
    }
    return .manual
  }

  private mutating func shell() throws(UsageError) -> CompletionScript {
    try known("SHELL", of: "shell")
  }

  private mutating func benchmark() throws(UsageError) -> Benchmark {
    try known("BENCHMARK", of: "benchmark")
  }

  /// The next argument as one of the names that a type has.
  private mutating func known<Name: RawRepresentable<String> & CaseIterable>(
    _ positional: String, of kind: String
  ) throws(UsageError) -> Name {
    let text = try self.positional(positional)
    guard let name = Name(rawValue: text) else {
      throw error(.unknownName(text, of: kind, known: Name.allCases.map(\.rawValue)))
    }
    return name
  }

  private func annotations() throws(UsageError) -> [String] {
    guard !values.annotations.isEmpty else {
      throw error(.missingOption("--annotations <path>"))
    }
    return values.annotations
  }

  private func required(_ value: String?, _ syntax: String) throws(UsageError) -> String {
    guard let value else { throw error(.missingOption(syntax)) }
    return value
  }

  private func refuseQuestion(beside option: String) throws(UsageError) {
    if let question = positionals.first {
      throw error(.questionBesideOption(question: question, option: option))
    }
  }

  /// The next argument as a question about an image; a file's name in its place is refused.
  private mutating func question(_ image: String?) throws(UsageError) -> String {
    let text = try positional("QUESTION")
    guard let question = Query.cleaned(question: text.trimmed) else {
      throw error(.emptyPositional("QUESTION"))
    }
    guard FileName.isMeant(by: text) else { return question }
    if let image, image != "-", !FileName.isMeant(by: image) {
      throw error(.swappedArguments(image: text))
    }
    throw error(.fileForQuestion(text, usesImage: image != nil))
  }

  /// Refuses to read or write one file as two things.
  func refuseSharedFiles(_ files: [(use: String, name: String?)]) throws(UsageError) {
    for (index, first) in files.enumerated() {
      guard let name = first.name else { continue }
      if let second = files[(index + 1)...].first(where: { $0.name == name }) {
        throw error(.sharedFile(first.use, second.use, file: name))
      }
    }
  }

  mutating func positional(_ name: String) throws(UsageError) -> String {
    guard let text = try optionalPositional(name) else { throw error(.missingPositional(name)) }
    return text
  }

  private mutating func optionalPositional(_ name: String) throws(UsageError) -> String? {
    let text = positionals.popFirst()
    if text?.trimmed.isEmpty == true { throw error(.emptyPositional(name)) }
    return text
  }
}
