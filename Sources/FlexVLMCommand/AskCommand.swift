import FlexVLM

/// `flexvlm ask`: streams one answer a question to standard output, and nothing else.
struct AskCommand {
  /// One line of `--json`: an answer, or why there is none.
  private struct Report: Encodable {
    let question: String?
    var answer: String?
    var finishReason: String?
    var tokens: Int?
    var confidence: Double?
    var firstProbability: Double?
    var statistics: StatisticsReport?
    var error: String?
  }

  private let request: AskRequest
  private let terminal: Terminal
  private let queries: [Query]
  private let heatmaps: HeatmapOutput
  private var traces: [Trace] = []
  private var faults: Faults

  static func run(_ request: AskRequest, terminal: Terminal) throws {
    let queries = try request.prompts.queries()
    // Places that cannot be written to are found before the work, not after it.
    let heatmaps = try HeatmapOutput(request.heatmap, count: queries.count, terminal: terminal)
    let traceFile = try request.output.traceFile.map(TextFile.output)
    // Ctrl-C ends the answer, so that the steps until then can be written.
    if traceFile != nil { Interruption.deferToRequest() }
    var command = AskCommand(
      request: request, terminal: terminal, queries: queries, heatmaps: heatmaps,
      faults: Faults(reportingOn: terminal))
    let end: CommandError?
    do throws(CommandError) {
      try command.answerAll()
      end = nil
    } catch {
      end = error
    }
    if let traceFile, !command.traces.isEmpty { command.write(to: traceFile) }
    if let end { throw end }
    try command.faults.finish()
  }

  /// - Throws: what keeps the questions that are left from being answered too.
  private mutating func answerAll() throws(CommandError) {
    let cache = try request.engine.imageCache()
    let model = try request.engine.loadModel()
    if request.output.verbose { terminal.note(Self.describe(model)) }
    var picture: RGBImage?
    if let image = request.image { picture = try request.engine.readImage(image) }
    var image: EncodedImage?
    if let picture { image = try request.engine.encode(picture, model, cache) }
    defer { image?.store(terminal) }
    let options = GenerationOptions(
      request.generation, request.engine.selectionOptions(seed: request.generation.seed))
    for (index, query) in queries.enumerated() {
      let answer: Answer
      do throws(CommandError) {
        answer = try Self.ask(query, model, image, options, request.output, terminal)
      } catch {
        try pass(over: query, error)
        continue
      }
      try report(answer, to: query)
      if request.output.traceFile != nil { traces.append(Trace(answer, model: model)) }
      if request.heatmap.isWanted, let picture {
        let heatmap = Heatmap(
          image: picture, question: query.question ?? "", answer: answer,
          model: model.configuration, selection: options.selection)
        guard let heatmap else { throw .nothingToDraw(options.selection.policy) }
        do throws(CommandError) {
          try heatmaps.put(heatmap, index: index)
        } catch {
          faults.add(error)
        }
      }
      if Interruption.isRequested { throw .interrupted }
    }
  }

  /// Leaves the line of a question that cannot be asked empty, so that answers stay in their places.
  private mutating func pass(over query: Query, _ error: CommandError) throws(CommandError) {
    guard queries.count > 1, error.code == .dataError else { throw error }
    faults.add(error)
    let report = Report(question: query.question, error: error.message)
    try terminal.output.write(request.output.json ? JSON.line(report) : "\n")
  }

  private func report(_ answer: Answer, to query: Query) throws(CommandError) {
    let statistics = StatisticsReport(answer.statistics, answer.steps.map(\.selections))
    if request.output.json {
      let report = Report(
        question: query.question, answer: answer.text, finishReason: answer.finishReason.rawValue,
        tokens: answer.steps.count, confidence: answer.confidence?.mean,
        firstProbability: answer.confidence?.first, statistics: statistics)
      try terminal.output.write(JSON.line(report))
    } else {
      try terminal.output.write("\n")
    }
    if request.output.verbose {
      let line = statistics.line(tokens: answer.steps.count)
      terminal.note(line + Self.describe(answer.confidence), .dim)
    }
  }

  private mutating func write(to file: OutputFile) {
    do throws(CommandError) {
      let text = try queries.count == 1 ? JSON.line(traces[0]) : JSON.line(traces)
      try TextFile.write(text, to: file)
    } catch {
      faults.add(error)
    }
  }

  /// Streams an answer to standard output, its line left open; with JSON only computes it.
  static func ask(
    _ query: Query, _ model: VisionLanguageModel, _ image: EncodedImage?,
    _ options: GenerationOptions, _ output: OutputSettings, _ terminal: Terminal
  ) throws(CommandError) -> Answer {
    var failure: CommandError?
    let answer: Answer
    do throws(InferenceError) {
      answer = try model.ask(query, about: image, options: options) { text in
        do throws(CommandError) {
          if !output.json { try terminal.output.write(text) }
        } catch {
          failure = error
        }
        return failure == nil && !Interruption.isRequested
      }
    } catch {
      throw CommandError(error)
    }
    if let failure { throw failure }
    return answer
  }

  private static func describe(_ confidence: Confidence?) -> String {
    confidence.map { " | confidence \($0.mean.fixed(3)) (first token \($0.first.fixed(3)))" } ?? ""
  }

  private static func describe(_ model: VisionLanguageModel) -> String {
    "\(model.configuration.name) (\(model.fileType)) on \(counted(model.threads, "thread")), "
      + "products in \(ComputeBackend.products(model.precision)), \(ComputeBackend.blas), "
      + "own kernels \(ComputeBackend.vectorInstructions)"
  }
}

extension Query {
  /// The question, if it is not a whole prompt.
  var question: String? { if case .question(let text) = self { text } else { nil } }
}

extension AskRequest.Prompts {
  /// The queries in order, read from their file if they are in one.
  fileprivate func queries() throws(CommandError) -> [Query] {
    switch self {
    case .questions(let questions): return questions.map(Query.question)
    case .promptFile(let path): return [.prompt(try TextFile.read(path))]
    case .questionsFile(let path):
      let questions = try TextFile.read(path).split(whereSeparator: \.isNewline)
        .compactMap { Query.cleaned(question: String($0).trimmed) }
      guard !questions.isEmpty else {
        throw CommandError("'\(path)' has no questions; put one on each line.", .dataError)
      }
      return questions.map(Query.question)
    }
  }
}

extension GenerationOptions {
  init(_ settings: GenerationSettings, _ selection: SelectionOptions) {
    self.init(
      maximumTokens: settings.maxTokens ?? GenerationOptions().maximumTokens, selection: selection,
      sampling: SamplingOptions(
        temperature: Float(settings.temperature), topP: Float(settings.topP),
        seed: UInt64(settings.seed)))
  }
}
