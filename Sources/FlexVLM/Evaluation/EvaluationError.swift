#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Why a benchmark cannot be read or scored.
package enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that cannot be read.
  case unreadable(path: String, reason: String)
  /// A file whose contents are not what the benchmark's files hold; `place` names item and field.
  case malformed(file: String, place: String, problem: String)
  /// Files that do not make up the benchmark.
  case unsuitableFiles(String)
  /// A line of answers that belongs to no question of the data set.
  case unknownQuestion(file: String, line: Int, problem: String)

  /// With strict settings: a question that could not be answered; counted from 0.
  case missingAnswer(question: Int, reason: String)
  case cannotWrite(path: String, reason: String)
  /// A new run must not overwrite the answers of another.
  case answersExist(path: String)
  /// Another process is writing the file.
  case inUse(path: String)
  /// The file was made with another model, data set or other settings.
  case differentRun(path: String, differences: [String])

  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .malformed(let file, let place, let problem):
      "'\(file)', \(place): \(problem)"
    case .unsuitableFiles(let text):
      text
    case .unknownQuestion(let file, let line, let problem):
      "'\(file)', line \(line): \(problem); check that annotations and answers belong together"
    case .missingAnswer(let question, let reason):
      "question \(question) has no answer: \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write '\(path)': \(reason)"
    case .answersExist(let path):
      "'\(path)' exists; go on with it by '--resume', or name another file"
    case .inUse(let path):
      "another process is writing '\(path)'; wait for it or stop it"
    case .differentRun(let path, let differences):
      "'\(path)' was made otherwise and cannot be resumed (there -> here):\n  "
        + differences.joined(separator: "\n  ")
    }
  }
}

extension EvaluationError: LocalizedError {
  package var errorDescription: String? { description }
}
