/// Puts the answers files of an evaluation's shards together.
package struct ShardMerge: Sendable {
  /// The answers of all shards in the data set's order.
  package let records: [AnswerRecord]
  /// What the whole was made with.
  package let identity: RunIdentity

  /// - Throws: ``EvaluationError`` where shards are missing, come twice, are torn or belong to
  ///   different evaluations.
  package init(_ paths: [String]) throws(EvaluationError) {
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
    guard let whole, seen.count == count else { throw Self.missing(count, seen) }
    self.identity = whole
    self.records = records.sorted { ($0.metadata?.index ?? 0) < ($1.metadata?.index ?? 0) }
    try checkCompleteness()
  }

  private static func missing(_ count: Int, _ seen: [Int: String]) -> EvaluationError {
    if seen.isEmpty { return .unsuitableFiles("no answers file of a shard is given") }
    // The count is a file's word: no more numbers than one can read.
    let first = (1...count).lazy.filter { seen[$0] == nil }.prefix(10).map(String.init)
    let rest = count - seen.count - first.count
    return .unsuitableFiles(
      "of \(count) shards these are missing: \(first.joined(separator: ", "))"
        + (rest > 0 ? " and \(rest) more" : ""))
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
    let found = records.map { $0.metadata?.index }
    if let twice = zip(found, found.dropFirst()).first(where: ==)?.0 {
      throw .unsuitableFiles("question \(twice) is answered twice")
    }
    if found.count < expected.count {
      let next = zip(expected, found).first(where: !=)?.0 ?? expected.lowerBound + found.count
      throw .unsuitableFiles(
        "\(expected.count - found.count) questions are not answered yet, the first is \(next); "
          + "finish the shards with '--resume'")
    }
    guard found.elementsEqual(expected.lazy.map(Optional.some)) else {
      throw .unsuitableFiles("the shards hold questions that the evaluation does not have")
    }
  }
}
