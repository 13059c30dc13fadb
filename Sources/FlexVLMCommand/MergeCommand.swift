import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm merge`: shards -> one answers file, and its table, as if one process had written it.
enum MergeCommand {
  private struct Report: Encodable {
    let answers: String
    let shards: Int
    let questions: Int
  }

  static func run(_ request: MergeRequest, terminal: Terminal) async throws {
    // A pattern such as "answers.*" names what lies beside the answers too.
    let shards = request.shards.filter { !AnswerLog.isCompanion($0) }
    do {
      let table = try areTables(shards) ? TableMerge(shards) : nil
      let merge = try table?.answers ?? ShardMerge(shards)
      let answers = table == nil ? request.output : AnswerLog.path(ofTable: request.output)
      for path in [request.output, answers] where FileManager.default.fileExists(atPath: path) {
        throw CommandError("'\(path)' exists; name another file.", .cannotCreate)
      }
      try TextFile.write(merge.records.map(\.line).joined(), to: TextFile.output(answers))
      try AnswerLog.write(merge.identity, of: answers)
      if let table { try TextFile.write(table.text, to: TextFile.output(request.output)) }
      let report = Report(
        answers: request.output, shards: shards.count, questions: merge.records.count)
      try terminal.output.write(
        request.json
          ? JSON.line(report)
          : counted(report.questions, "answer") + " of " + counted(report.shards, "shard")
            + " -> \(report.answers)\n")
    } catch let error as EvaluationError {
      throw CommandError(error)
    }
  }

  /// Whether shards are tables, with their answers beside them.
  private static func areTables(_ shards: [String]) -> Bool {
    !shards.isEmpty
      && shards.allSatisfy {
        FileManager.default.fileExists(atPath: AnswerLog.path(ofTable: $0))
      }
  }
}
