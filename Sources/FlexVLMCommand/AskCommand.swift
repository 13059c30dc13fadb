import FlexVLM

/// `flexvlm ask`: streams one answer a question to standard output, and nothing else.
enum AskCommand {
  /// One line of `--json`.
  private struct Report: Encodable {
    let question: String?
    let answer: String
    let finishReason: String
    let tokens: Int
    let statistics: StatisticsReport
  }

  static func run(_ request: AskRequest, terminal: Terminal) async throws {
    let queries = try request.prompts.queries()
    let heatmaps = try HeatmapOutput(request.heatmap, terminal: terminal)
    let cache = try request.engine.imageCache()
    let model = try request.engine.loadModel()
    if request.output.verbose { terminal.note(describe(model)) }
    let picture = try request.image.map { try request.engine.readImage($0) }
    let image = picture.map { model.encode($0, cache: cache) }
    defer { image?.store(terminal) }
    let options = GenerationOptions(
      request.generation, request.engine.selectionOptions(seed: request.generation.seed))

    var traces: [Trace] = []
    for (index, query) in queries.enumerated() {
      let answer = try ask(query, model, image, options, request.output, terminal)
      let statistics = StatisticsReport(
        answer.statistics, answer.steps.map(\.selections))
      if request.output.json {
        try terminal.output.write(
          JSON.line(
            Report(
              question: query.question, answer: answer.text,
              finishReason: answer.finishReason.rawValue, tokens: answer.steps.count,
              statistics: statistics)))
      } else {
        try terminal.output.write("\n")
      }
      if request.output.verbose {
        terminal.note(terminal.error.styled(statistics.line(tokens: answer.steps.count), .dim))
      }
      if request.heatmap.isWanted, let picture {
        let heatmap = Heatmap(
          image: picture, question: query.question ?? "", answer: answer,
          model: model.configuration,
          selection: options.selection)
        guard let heatmap else { throw CommandError.nothingToDraw(options.selection.policy) }
        try heatmaps.put(heatmap, number: queries.count > 1 ? index + 1 : nil)
      }
      if request.output.traceFile != nil { traces.append(Trace(answer, model: model)) }
    }
    if let file = request.output.traceFile {
      try TextFile.write(
        traces.count == 1 ? JSON.line(traces[0]) : JSON.line(traces), to: file)
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
        if output.json { return true }
        do throws(CommandError) {
          try terminal.output.write(text)
        } catch {
          failure = error
        }
        return failure == nil
      }
    } catch {
      throw CommandError(error)
    }
    if let failure { throw failure }
    return answer
  }

  private static func describe(_ model: VisionLanguageModel) -> String {
    "\(model.configuration.name) (\(model.fileType)) on \(model.threads) threads, "
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
        .map { $0.trimmingPrefix(while: \.isWhitespace) }.filter { !$0.isEmpty }
      guard !questions.isEmpty else {
        throw CommandError("'\(path)' has no questions; put one on each line.", .dataError)
      }
      return questions.map { .question(String($0)) }
    }
  }
}

extension GenerationOptions {
  init(_ settings: GenerationSettings, _ selection: SelectionOptions) {
    self.init(
      maximumTokens: settings.maxTokens, selection: selection,
      sampling: SamplingOptions(
        temperature: Float(settings.temperature), topP: Float(settings.topP),
        seed: UInt64(settings.seed)))
  }
}
