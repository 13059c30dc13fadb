import FlexVLM
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm extract`: images and questions -> answers, line by line -> table, row by row.
///
/// The answers beside the table are those of `eval`; a run that goes on draws the table from them.
enum ExtractCommand {
  static func run(_ request: ExtractRequest, terminal: Terminal) throws {
    let columns = try request.columns()
    let images = try request.imagePaths()
    let shard = try request.evaluation.shard(
      environment: ProcessInfo.processInfo.environment)
    let output = request.output.map { EvalCommand.shardPath($0, shard) }
    if let output { try refuseOtherTable(output, resumes: request.evaluation.resumes) }
    let data = BenchmarkData(columns, images: images)
    let options = request.engine.evaluationOptions(
      maxTokens: request.maxTokens, seed: request.seed, shard)
    let plan = EvaluationPlan(data, options, questionsPerImage: columns.count)
    let (model, workers) = try request.engine.loadModel(workers: request.evaluation.workers)

    var log: AnswerLog?
    var file: TableFile?
    let runner: EvaluationRunner
    do throws(EvaluationError) {
      var identity = try RunIdentity(
        program: "flexvlm \(FlexVLMCommand.version)", model: model, data: data, options: options)
      identity.questionsPerImage = columns.count
      if let output {
        log = try AnswerLog(
          path: AnswerLog.path(ofTable: output), identity: identity, order: plan.order,
          resumes: request.evaluation.resumes)
        file = try TableFile(output)
      }
      runner = EvaluationRunner(
        model: model, data: data, plan: plan, options: options, identity: identity,
        workers: workers)
    } catch {
      throw CommandError(error)
    }
    if shard != .whole { terminal.note("shard \(shard)" + (output.map { " -> \($0)" } ?? "")) }

    Interruption.deferToRequest()
    let rows = TableRows(
      AnswerTable(columns, request.table), images: images, columns: columns.count,
      total: plan.order.count / columns.count, file: file, terminal: terminal)
    do {
      try rows.begin(with: log?.earlier ?? [])
      try runner.run(
        from: log?.earlier.count ?? 0, isCancelled: { Interruption.isRequested },
        receive: { [log] record, times in
          try log?.append(record, times)
          try rows.add(record, isNew: true)
        })
    } catch let error as EvaluationError {
      _ = rows.finish()
      throw CommandError(error)
    }
    try end(rows.finish(), rows.total, request, terminal)
  }

  /// A table that was not made from the answers beside it is somebody's own.
  private static func refuseOtherTable(_ path: String, resumes: Bool) throws(CommandError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let answers = AnswerLog.path(ofTable: path)
    guard FileManager.default.fileExists(atPath: answers) else {
      throw CommandError("'\(path)' exists without '\(answers)'; name another file.", .cannotCreate)
    }
    guard resumes else { throw CommandError(EvaluationError.answersExist(path: path)) }
  }

  /// Tells what the table lacks.
  private static func end(
    _ run: TableRows.Result, _ total: Int, _ request: ExtractRequest, _ terminal: Terminal
  ) throws(CommandError) {
    if run.doubtful > 0 {
      terminal.note(
        "\(counted(run.doubtful, "answer")) left out, with a confidence below "
          + "\(request.table.minimumConfidence).")
    }
    if run.done < total {
      let goesOn =
        request.output == nil ? "" : "; the same command with '--resume' goes on"
      terminal.note("Stopped with \(counted(total - run.done, "image")) left\(goesOn).")
      throw .interrupted
    }
    guard let reason = run.firstFailure else { return }
    if run.answered == 0 {
      throw CommandError("No image has an answer, the first because of this: \(reason).", .noInput)
    }
    throw CommandError(
      "\(run.failed) of \(counted(total, "image")) without all answers; the column "
        + "'\(TableColumn.errorName)' tells why.", .dataError)
  }
}

/// The rows of a table, each written when the last answer about its image is there.
private final class TableRows: Sendable {
  /// How a run ended.
  struct Result {
    var done: Int
    var failed: Int
    var firstFailure: String?
    var answered: Int
    var doubtful: Int
  }

  private struct State {
    /// Answers about the image whose row comes next.
    var records: [AnswerRecord] = []
    var answered = 0
    var doubtful = 0
  }

  /// Rows of the whole table.
  let total: Int
  private let table: AnswerTable
  private let images: [String]
  private let columns: Int
  /// Nil writes to standard output.
  private let file: TableFile?
  private let terminal: Terminal
  private let progress: EvaluationProgress
  private let state = Mutex(State())

  init(
    _ table: AnswerTable, images: [String], columns: Int, total: Int, file: TableFile?,
    terminal: Terminal
  ) {
    (self.table, self.images, self.columns, self.total) = (table, images, columns, total)
    (self.file, self.terminal) = (file, terminal)
    // Rows that pass by on the same terminal tell enough.
    progress = EvaluationProgress(
      total: total, terminal: terminal, isShown: file != nil || !terminal.output.isTerminal)
  }

  /// Writes the header and the rows of earlier answers.
  func begin(with earlier: [AnswerRecord]) throws {
    try write(table.header)
    for record in earlier { try add(record, isNew: false) }
  }

  /// Takes the next answer in the order of the images.
  func add(_ record: AnswerRecord, isNew: Bool) throws {
    try state.withLock { state in
      var record = record
      let reason = record.metadata?.error.map(terminal.named)
      record.metadata?.error = reason
      state.records.append(record)
      guard state.records.count == columns, let index = record.metadata?.index else { return }
      let image = terminal.named(images[index / columns])
      let row = table.row(image: image, state.records)
      state.records.removeAll(keepingCapacity: true)
      state.answered += row.answered
      state.doubtful += row.doubtful
      try write(row.text)
      progress.add(failure: row.error.map { (image, $0) }, isNew: isNew)
    }
  }

  func finish() -> Result {
    let shown = progress.finish()
    return state.withLock { state in
      Result(
        done: shown.done, failed: shown.failed, firstFailure: shown.firstFailure,
        answered: state.answered, doubtful: state.doubtful)
    }
  }

  private func write(_ text: String) throws {
    if let file { return try file.append(text) }
    if terminal.output.isTerminal {
      try terminal.output.write(text.replacing("\r\n", with: "\n"))
    } else {
      try terminal.output.write(sequence: text)
    }
  }
}
