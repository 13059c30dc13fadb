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

  static func run(_ request: MergeRequest, terminal: Terminal) throws {
    // A pattern such as "answers.*" names what lies beside the answers too, or beside a table.
    let given = request.shards.filter { !AnswerLog.isCompanion($0) }
    let areTables = given.contains {
      FileManager.default.fileExists(atPath: AnswerLog.path(ofTable: $0))
    }
    let shards = areTables ? given.filter { !AnswerLog.isOfTable($0) } : given
    do {
      let table = try areTables ? TableMerge(shards) : nil
      let merge = try table?.answers ?? ShardMerge(shards)
      let answers = table == nil ? request.output : AnswerLog.path(ofTable: request.output)
      for path in [request.output, answers] where FileManager.default.fileExists(atPath: path) {
        throw CommandError("'\(path)' exists; name another file.", .cannotCreate)
      }
      let (file, answersFile) = try (TextFile.output(request.output), TextFile.output(answers))
      try TextFile.write(merge.records.map(\.line).joined(), to: answersFile)
      try AnswerLog.write(merge.identity, of: answers)
      if let table { try TextFile.write(table.bytes, to: file) }
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
}
