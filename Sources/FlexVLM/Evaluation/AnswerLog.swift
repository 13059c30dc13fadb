#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// An answers file that only grows: each line is on the disk before the next question counts as
/// answered, so a run that is killed at any moment loses nothing that was written.
///
/// Beside `answers.jsonl` lie `answers.jsonl.run.json`, which says what it was made with, and
/// `answers.jsonl.times`. Times are kept apart because they differ from run to run; equal runs give
/// equal answers files, interrupted or not.
package final class AnswerLog: Sendable {
  package let path: String
  /// What earlier runs wrote.
  package let earlier: [AnswerRecord]
  private let answers: GrowingFile
  private let times: GrowingFile
  private let identity: RunIdentity

  package static func identityPath(of path: String) -> String { path + ".run.json" }
  /// The answers from which a table was made.
  package static func path(ofTable path: String) -> String { path + ".answers" }
  /// Whether a path is that of the answers from which a table was made, by its name.
  package static func isOfTable(_ path: String) -> Bool { path.hasSuffix(Self.path(ofTable: "")) }
  static func timesPath(of path: String) -> String { path + ".times" }

  /// Whether a file lies beside answers, which a pattern of file names may catch with them;
  /// `.times.jsonl` is what earlier versions wrote.
  package static func isCompanion(_ path: String) -> Bool {
    [".run.json", ".times", ".times.jsonl"].contains(where: path.hasSuffix)
  }

  /// Creates an answers file or opens one to go on.
  ///
  /// - Parameters:
  ///   - path: of the answers file.
  ///   - identity: what the answers are made with; stands beside them.
  ///   - resumes: whether a file of an earlier run may exist; what it was made with must agree.
  ///   - order: the questions of the file, line by line, as positions in the data set.
  /// - Throws: ``EvaluationError``
  package init(
    path: String, identity: RunIdentity, order: [Int], resumes: Bool
  ) throws(EvaluationError) {
    self.path = path
    self.identity = identity
    let isThere = FileManager.default.fileExists(atPath: path)
    guard resumes || !isThere else { throw .answersExist(path: path) }
    answers = try GrowingFile(path)
    do throws(EvaluationError) {
      earlier = try Self.intactRecords(of: answers, order: order)
      try Self.check(identity, of: path, isNew: earlier.isEmpty)
      times = try GrowingFile(Self.timesPath(of: path))
    } catch {
      // What this run made must not be in the way of the next.
      if !isThere {
        for file in [path, Self.identityPath(of: path)] {
          try? FileManager.default.removeItem(atPath: file)
        }
      }
      throw error
    }
  }

  /// Adds an answer; it is on the disk when this returns.
  /// - Throws: ``EvaluationError``
  package func append(_ record: AnswerRecord, _ times: EvaluationRunner.Times) throws {
    try answers.append(record.line, isDurable: true)
    let line = String(decoding: try JSONEncoder().encode(times), as: UTF8.self) + "\n"
    try self.times.append(line, isDurable: false)
    if !FileManager.default.fileExists(atPath: Self.identityPath(of: path)) {
      try Self.write(identity, of: path)
    }
  }

  /// Reads what an answers file was made with.
  /// - Throws: ``EvaluationError``
  package static func identity(of path: String) throws(EvaluationError) -> RunIdentity {
    let file = identityPath(of: path)
    let identity = try JSONFile.decode(RunIdentity.self, from: file)
    for (field, count) in [("offset", identity.offset), ("questions", identity.questions)] {
      guard (0...1 << 40).contains(count) else {
        throw .malformed(file: file, place: field, problem: "\(count) is no count of questions")
      }
    }
    return identity
  }

  /// Writes what an answers file was made with.
  /// - Throws: ``EvaluationError``
  package static func write(_ identity: RunIdentity, of path: String) throws(EvaluationError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      try OutputFile(identityPath(of: path)).write(encoder.encode(identity))
    } catch {
      throw .cannotWrite(path: identityPath(of: path), reason: "\(error)")
    }
  }

  private static func check(
    _ identity: RunIdentity, of path: String, isNew: Bool
  ) throws(EvaluationError) {
    if isNew { return try write(identity, of: path) }
    let differences = identity.differences(from: try Self.identity(of: path))
    guard differences.isEmpty else {
      throw .differentRun(path: path, differences: differences)
    }
  }

  /// The answers of a file; a last line that was torn off by a kill is cut away.
  private static func intactRecords(
    of answers: GrowingFile, order: [Int]
  ) throws(EvaluationError) -> [AnswerRecord] {
    let path = answers.path
    let data = try JSONFile.bytes(path)
    let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    var records: [AnswerRecord] = []
    for line in data[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      let place = "line \(records.count + 1)"
      let record = try JSONFile.decode(AnswerRecord.self, from: line, file: path, place: place)
      guard records.count < order.count, record.metadata?.index == order[records.count] else {
        throw .malformed(
          file: path, place: place, problem: "not the answer that this run would write here")
      }
      records.append(record)
    }
    if end < data.count { try answers.truncate(to: end) }
    return records
  }
}
