import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm eval`: benchmark -> answers file, line by line -> score.
enum EvalCommand {
  static func run(_ request: EvalRequest, terminal: Terminal) throws {
    guard request.images != nil || request.benchmark.includesImages(request.annotations) else {
      throw UsageError(command: .eval, problem: .missingOption("--images <path>"))
    }
    let shard = try request.evaluation.shard(environment: ProcessInfo.processInfo.environment)
    let output = shardPath(request.output, shard)
    // A report that cannot be written is found now, not after the run.
    if let report = request.evaluation.report { _ = try TextFile.output(report) }
    let options = request.options(shard)
    let data = try BenchmarkData.read(
      request.benchmark, request.annotations, images: request.images, request.evaluation)
    let plan = EvaluationPlan(data, options)
    let (model, workers) = try request.engine.loadModel(workers: request.evaluation.workers)
    let log: AnswerLog
    let runner: EvaluationRunner
    do throws(EvaluationError) {
      let identity = try RunIdentity(
        program: "flexvlm \(FlexVLMCommand.version)", model: model, data: data, options: options)
      log = try AnswerLog(
        path: output, identity: identity, order: plan.order, resumes: request.evaluation.resumes)
      runner = EvaluationRunner(
        model: model, data: data, plan: plan, options: options, identity: identity,
        workers: workers)
    } catch {
      throw CommandError(error)
    }
    if shard != .whole { terminal.note("shard \(shard) -> \(output)") }
    terminal.note("\(request.benchmark.rawValue): \(data.protocolText)")
    if plan.order.isEmpty {
      terminal.note(
        shard == .whole ? "'--offset' leaves no questions." : "This shard has no questions.")
    }

    Interruption.deferToRequest()
    let progress = EvaluationProgress(total: plan.order.count, terminal: terminal)
    for record in log.earlier { progress.add(record, data, isNew: false) }
    try run(runner, from: log.earlier.count, log, progress, data)
    let run = progress.finish()
    try EvaluationSummary(
      data, answers: output, model: model.configuration.name,
      policy: request.engine.policy.rawValue, request.evaluation, request.engine
    ).show(json: request.json, on: terminal.output)
    if run.done < plan.order.count {
      let left = plan.order.count - run.done
      terminal.note(
        "Stopped with \(counted(left, "question")) left; the same command with '--resume' goes on.")
      throw CommandError.interrupted
    }
    if let reason = run.firstFailure, run.failed == run.done {
      throw CommandError(
        "No question has an answer, the first because of this: \(reason).", .noInput)
    }
  }

  private static func run(
    _ runner: EvaluationRunner, from done: Int, _ log: AnswerLog, _ progress: EvaluationProgress,
    _ data: BenchmarkData
  ) throws {
    do {
      try runner.run(
        from: done, isCancelled: { Interruption.isRequested },
        receive: { record, times in
          try log.append(record, times)
          progress.add(record, data, isNew: true)
        })
    } catch let error as EvaluationError {
      _ = progress.finish()
      throw CommandError(error)
    }
  }

  /// `answers.jsonl` -> `answers.2-of-8.jsonl`, so that shards may be given one name.
  static func shardPath(_ path: String, _ shard: Shard) -> String {
    if shard == .whole { return path }
    let mark = ".\(shard.number)-of-\(shard.count)"
    let folderEnd = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[folderEnd...].lastIndex(of: "."), dot > folderEnd else {
      return path + mark
    }
    return path[..<dot] + mark + path[dot...]
  }
}

extension EvalRequest {
  fileprivate func options(_ shard: Shard) -> EvaluationOptions {
    var options = engine.evaluationOptions(maxTokens: maxTokens, seed: seed, shard)
    options.benchmark = evaluation.benchmarkOptions
    options.offset = evaluation.offset
    options.limit = evaluation.limit
    options.isStrict = evaluation.isStrict
    return options
  }
}

extension EngineSettings {
  /// - Parameters:
  ///   - maxTokens: nil is the benchmarks' usual limit.
  ///   - seed: of a random policy.
  func evaluationOptions(maxTokens: Int?, seed: Int, _ shard: Shard) -> EvaluationOptions {
    var options = EvaluationOptions()
    if let maxTokens { options.maximumTokens = maxTokens }
    options.selection = selectionOptions(seed: seed)
    options.image = imageOptions
    options.shard = shard
    return options
  }

  /// The model with the threads of one worker, and the number of workers.
  ///
  /// - Parameter count: nil chooses by the model's size.
  func loadModel(
    workers count: Int?
  ) throws(CommandError) -> (VisionLanguageModel, workers: Int) {
    let model = try loadModel()
    let threads = model.threads
    let workers = count ?? EvaluationRunner.suitableWorkers(for: model, cores: threads)
    return (VisionLanguageModel(model, threads: max(1, threads / workers)), workers)
  }
}

extension EvaluationSettings {
  /// The part of the questions to ask: as `--shard` says, else as a job array or MPI does.
  func shard(environment: [String: String]) throws(CommandError) -> Shard {
    if let shard { return shard }
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let task = number("SLURM_ARRAY_TASK_ID"), let count = number("SLURM_ARRAY_TASK_COUNT") {
      let first = number("SLURM_ARRAY_TASK_MIN") ?? 1
      let last = number("SLURM_ARRAY_TASK_MAX")
      let step = number("SLURM_ARRAY_TASK_STEP") ?? 1
      // Tasks of an array that are submitted again count among themselves alone.
      guard count > 1, (0...1).contains(first), step > 0, task >= first,
        last.map({ ($0 - first) / step + 1 == count }) ?? true,
        let shard = Shard(number: (task - first) / step + 1, count: count)
      else {
        throw CommandError(
          """
          The job array's numbers do not tell which part of the evaluation task \(task) is \
          (tasks: \(count), the first: \(first)); give '--shard <i/n>'.
          """, .usage)
      }
      return shard
    }
    for (rank, size) in [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
    ] {
      if let rank = number(rank), let size = number(size),
        let shard = Shard(number: rank + 1, count: size)
      {
        return shard
      }
    }
    return .whole
  }

  var benchmarkOptions: BenchmarkOptions {
    var options = BenchmarkOptions()
    options.usesOCRTokens = ocrTokens == .on
    options.optionProtocol = optionProtocol
    return options
  }
}

extension BenchmarkData {
  static func read(
    _ benchmark: Benchmark, _ annotations: [String], images: String?, _ settings: EvaluationSettings
  ) throws(CommandError) -> BenchmarkData {
    do {
      return try BenchmarkData(
        benchmark, annotations: annotations, images: images, options: settings.benchmarkOptions)
    } catch {
      throw CommandError(error)
    }
  }
}

extension CommandError {
  init(_ error: EvaluationError) {
    let code: ExitCode =
      switch error {
      case .unreadable: .noInput
      case .cannotWrite: .ioError
      case .answersExist, .inUse: .cannotCreate
      case .malformed, .unsuitableFiles, .unknownQuestion, .missingAnswer, .differentRun: .dataError
      }
    self.init("\(error)", code)
  }
}
