import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm merge`: shards -> one answers file, as if one process had written it.
enum MergeCommand {
  private struct Report: Encodable {
    let answers: String
    let shards: Int
    let questions: Int
  }

  static func run(_ request: MergeRequest, terminal: Terminal) async throws {
    guard !FileManager.default.fileExists(atPath: request.output) else {
      throw CommandError("'\(request.output)' exists; name another file.", .cannotCreate)
    }
    // A pattern such as "answers.*" names what lies beside the answers too.
    let shards = request.shards.filter { !AnswerLog.isCompanion($0) }
    do {
      let merge = try ShardMerge(shards)
      try TextFile.write(
        merge.records.map(\.line).joined(), to: TextFile.output(request.output))
      try AnswerLog.write(merge.identity, of: request.output)
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
