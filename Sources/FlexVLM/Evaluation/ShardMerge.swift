/// Puts the answers files of an evaluation's shards together.
public struct ShardMerge: Sendable {
  /// The answers of all shards in the data set's order.
  public let records: [AnswerRecord]
  /// What the whole was made with.
  public let identity: RunIdentity

  /// - Throws: ``EvaluationError`` where shards are missing, come twice, are torn or belong to
  ///   different evaluations.
  public init(_ paths: [String]) throws(EvaluationError) {
    var whole: RunIdentity?
    var seen: [Int: String] = [:]
    var records: [AnswerRecord] = []
    var count = 0
    for path in paths {
      var identity = try AnswerLog.identity(of: path)
      let shard = identity.shard
      identity.shard = .whole
      if let whole {
        let differences = identity.differences(from: whole)
        guard differences.isEmpty, shard.count == count else {
          throw .differentRun(
            path: path,
            differences: differences
              + (shard.count == count ? [] : ["shards: \(count) -> \(shard.count)"]))
        }
      }
      if let other = seen[shard.number] {
        throw .unsuitableFiles("'\(other)' and '\(path)' are both shard \(shard)")
      }
      (whole, count, seen[shard.number]) = (identity, shard.count, path)
      records += try Self.records(path)
    }
    let missing = (1...max(1, count)).filter { seen[$0] == nil }.map(String.init)
    guard let whole, missing.isEmpty else {
      throw .unsuitableFiles(
        "of \(count) shards these are missing: \(missing.joined(separator: ", "))")
    }
    self.identity = whole
    self.records = records.sorted { ($0.metadata?.index ?? 0) < ($1.metadata?.index ?? 0) }
    try checkCompleteness()
  }

  private static func records(_ path: String) throws(EvaluationError) -> [AnswerRecord] {
    let bytes = try JSONFile.bytes(path)
    guard bytes.last.map({ $0 == UInt8(ascii: "\n") }) ?? true else {
      throw .malformed(
        file: path, place: "last line", problem: "it is torn; finish the shard with '--resume'")
    }
    return try AnswerRecord.read(contentsOfFile: path).map(\.value)
  }

  /// Every question of the evaluation has its answer, exactly once.
  private func checkCompleteness() throws(EvaluationError) {
    let expected = identity.offset..<identity.offset + identity.questions
    let found = records.compactMap { $0.metadata?.index }
    guard found.elementsEqual(expected) else {
      let open = Set(expected).subtracting(found).sorted()
      throw .unsuitableFiles(
        open.isEmpty
          ? "the shards hold questions that the evaluation does not have"
          : "\(open.count) questions are not answered yet, the first is \(open[0]); finish the "
            + "shards with '--resume'")
    }
  }
}
