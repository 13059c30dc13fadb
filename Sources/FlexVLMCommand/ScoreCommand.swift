import FlexVLM

/// `flexvlm score`: the loss of each option as an answer, the likeliest marked.
enum ScoreCommand {
  private struct Report: Encodable {
    struct Option: Encodable {
      let option: String
      let loss: Float
      let tokenLosses: [Float]
    }
    let options: [Option]
    let best: String
  }

  /// What `--trace` writes: of each option, token by token, the cells that each layer chose.
  private struct ScoreTrace: Encodable {
    struct Option: Encodable {
      let option: String
      let tokenLosses: [Float]
      let cells: [[String: String]]
    }
    let modelFileType: String
    let options: [Option]
  }

  static func run(_ request: ScoreRequest, terminal: Terminal) throws {
    let query: Query =
      switch request.prompt {
      case .question(let question): .question(question)
      case .promptFile(let path): .prompt(try TextFile.read(path))
      }
    let traceFile = try request.output.traceFile.map(TextFile.output)
    let model = try request.engine.loadModel()
    let image = try request.engine.encode(
      request.engine.readImage(request.image), model, request.engine.imageCache())
    defer { image.store(terminal) }
    let scores: OptionScores
    do {
      scores = try model.score(
        query, options: request.options, about: image,
        selection: request.engine.selectionOptions())
    } catch {
      throw CommandError(error)
    }
    if request.output.json {
      try terminal.output.write(JSON.line(report(scores)))
    } else {
      for (index, line) in lines(scores).enumerated() {
        try terminal.output.write(line, index == scores.best ? .bold : nil)
        try terminal.output.write("\n")
      }
    }
    if request.output.verbose {
      let statistics = StatisticsReport(
        scores.statistics, scores.options.flatMap(\.selections))
      let tokens = scores.options.reduce(0) { $0 + $1.tokenLosses.count }
      terminal.note(statistics.line(tokens: tokens), .dim)
    }
    if let traceFile { try TextFile.write(JSON.line(trace(scores, model)), to: traceFile) }
  }

  private static func report(_ scores: OptionScores) -> Report {
    Report(
      options: scores.options.map {
        Report.Option(option: $0.option, loss: $0.loss, tokenLosses: $0.tokenLosses)
      },
      best: scores.options[scores.best].option)
  }

  private static func trace(_ scores: OptionScores, _ model: VisionLanguageModel) -> ScoreTrace {
    ScoreTrace(
      modelFileType: model.fileType,
      options: scores.options.map {
        ScoreTrace.Option(
          option: $0.option, tokenLosses: $0.tokenLosses,
          cells: $0.selections.map(\.cellStrings))
      })
  }

  private static func lines(_ scores: OptionScores) -> [String] {
    scores.options.enumerated().map { index, score in
      let loss = "\((score.loss * 10_000).rounded() / 10_000)"
      return (index == scores.best ? "* " : "  ") + loss.padded(to: 8) + "  "
        + score.option.printableInLine
    }
  }
}

extension String {
  /// The text with spaces after it, up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
