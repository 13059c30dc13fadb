import FlexVLM

/// Reads command lines: arguments -> option values and positionals -> request.
///
/// Options are `--name value`, `--name=value`, `-n value` or `-nvalue`, anywhere after the command;
/// `-vt1` is `-v -t 1`; `--` ends them. `-5` and `-` are ordinary words.
struct CommandLineReader {
  /// The request that arguments make, the program's name not among them.
  static func read(_ arguments: [String]) throws(UsageError) -> Request {
    guard let first = arguments.first else { return .help(nil) }
    switch first {
    case "-h", "--help": return .help(nil)
    case "-V", "--version": return .version
    default: break
    }
    if isOption(first) { throw UsageError(command: nil, problem: .optionBeforeCommand(first)) }
    var reader = CommandLineReader(command: try command(named: first))
    try reader.scan(arguments.dropFirst())
    return try reader.request()
  }

  private let command: Command
  private(set) var values = OptionValues()
  private(set) var positionals: ArraySlice<String> = []
  /// How often each option came, by long name.
  private var counts: [String: Int] = [:]

  private init(command: Command) { self.command = command }

  private static func command(named name: String) throws(UsageError) -> Command {
    guard let command = Command(rawValue: name) else {
      throw UsageError(command: nil, problem: .unknownCommand(name))
    }
    return command
  }

  /// Whether a word is meant as an option: `--name`, `-n`; neither `-`, `-5` nor `- item`.
  private static func isOption(_ word: String) -> Bool {
    word.hasPrefix("--") || (word.hasPrefix("-") && word.dropFirst().first?.isLetter == true)
  }

  func error(_ problem: UsageError.Problem) -> UsageError {
    UsageError(command: command, problem: problem)
  }
}

// MARK: - Words to option values and positionals

extension CommandLineReader {
  private mutating func scan(_ arguments: ArraySlice<String>) throws(UsageError) {
    var rest = arguments
    while let word = rest.popFirst(), !values.showsHelp {
      if word == "--" {
        positionals += rest
        return
      }
      guard Self.isOption(word) else {
        positionals.append(word)
        continue
      }
      if word.hasPrefix("--") {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = try option(spelled: String(parts[0]))
        try take(option, attached: parts.count > 1 ? String(parts[1]) : nil, rest: &rest)
      } else {
        try scanShortNames(word, rest: &rest)
      }
    }
  }

  /// Reads `-vt1`: flags, then perhaps an option whose value is what follows, or the next word.
  private mutating func scanShortNames(
    _ word: String, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var names = word.dropFirst()
    // "-model" is more likely a slip than "-m odel".
    let whole = names.prefix { $0 != "=" }
    if whole.count > 1, Option.table.contains(where: { $0.name == whole }) {
      throw error(.unknownOption(word))
    }
    while let name = names.popFirst() {
      let option = try option(spelled: "-\(name)")
      if option.placeholder == nil {
        guard names.first != "=" else { throw error(.unwantedValue(option: "--" + option.name)) }
        try take(option, attached: nil, rest: &rest)
      } else {
        let value = names.first == "=" ? names.dropFirst() : names
        return try take(option, attached: names.isEmpty ? nil : String(value), rest: &rest)
      }
    }
  }

  /// Stores an option and its value.
  private mutating func take(
    _ option: Option, attached: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    counts[option.name, default: 0] += 1
    if counts[option.name, default: 0] > option.occurrences.upperBound {
      throw error(.repeatedOption("--" + option.name))
    }
    let text = try value(of: option, attached: attached, rest: &rest)
    guard option.store(text, &values) else {
      throw error(
        .invalidValue(
          option: "--" + option.name, expected: option.expected, text: text,
          nearest: Suggestion.nearest(to: text.lowercased(), among: option.names)))
    }
  }

  private func option(spelled spelling: String) throws(UsageError) -> Option {
    let found = Option.table.filter { option in
      spelling == "--" + option.name || option.shortName.map { spelling == "-\($0)" } ?? false
    }
    if found.isEmpty { throw error(.unknownOption(spelling)) }
    // Some names stand for one option here and another there.
    guard let option = found.first(where: { $0.commands.contains(command) }) else {
      let commands = Set(found.flatMap(\.commands))
      throw error(.foreignOption(spelling, of: Command.allCases.filter(commands.contains)))
    }
    return option
  }

  private func value(
    of option: Option, attached: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    if option.placeholder == nil {
      guard attached == nil else { throw error(.unwantedValue(option: "--" + option.name)) }
      return ""
    }
    if let attached { return attached }
    guard let next = rest.first, !Self.isOption(next) else {
      throw error(.missingValue(syntax: option.syntax))
    }
    rest.removeFirst()
    return next
  }
}

// MARK: - Option values and positionals to a request

extension CommandLineReader {
  private mutating func request() throws(UsageError) -> Request {
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
    let options = values.evaluation
    // Folders of these benchmarks may bring them.
    guard options.images != nil || [.vstar, .magnifier, .rsvqa].contains(benchmark) else {
      throw error(.missingOption("--images <path>"))
    }
    return EvalRequest(
      benchmark: benchmark, annotations: try annotations(), images: options.images,
      output: try required(options.output, "--output <file>"), evaluation: options,
      maxTokens: values.generation.maxTokens, seed: values.generation.seed, engine: values.engine,
      json: values.output.json)
  }

  private mutating func metricRequest() throws(UsageError) -> MetricRequest {
    let options = values.evaluation
    return MetricRequest(
      benchmark: try benchmark(), annotations: try annotations(),
      answers: try required(options.answers, "--answers <file>"), evaluation: options,
      json: values.output.json)
  }

  private mutating func mergeRequest() throws(UsageError) -> MergeRequest {
    var shards = [try positional("SHARD")]
    while !positionals.isEmpty { shards.append(try positional("SHARD")) }
    return MergeRequest(
      shards: shards, output: try required(values.evaluation.output, "--output <file>"),
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
    let name = try positional("SHELL")
    guard let script = CompletionScript(rawValue: name) else {
      let known = CompletionScript.allCases.map(\.rawValue)
      throw error(.unknownName(name, of: "shell", known: known))
    }
    return script
  }

  private mutating func benchmark() throws(UsageError) -> Benchmark {
    let name = try positional("BENCHMARK")
    guard let benchmark = Benchmark(rawValue: name) else {
      let known = Benchmark.allCases.map(\.rawValue)
      throw error(.unknownName(name, of: "benchmark", known: known))
    }
    return benchmark
  }

  private func annotations() throws(UsageError) -> [String] {
    guard !values.evaluation.annotations.isEmpty else {
      throw error(.missingOption("--annotations <path>"))
    }
    return values.evaluation.annotations
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
