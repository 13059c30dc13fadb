/// Why a benchmark cannot be read or scored.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that cannot be read.
  case unreadable(path: String, reason: String)
  /// A file whose contents are not what the benchmark's files hold; `place` names item and field.
  case malformed(file: String, place: String, problem: String)
  /// Files that do not make up the benchmark.
  case unsuitableFiles(String)
  /// A line of answers that belongs to no question of the data set.
  case unknownQuestion(file: String, line: Int, problem: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .malformed(let file, let place, let problem):
      "'\(file)', \(place): \(problem)"
    case .unsuitableFiles(let text):
      text
    case .unknownQuestion(let file, let line, let problem):
      "'\(file)', line \(line): \(problem); check that annotations and answers belong together"
    }
  }
}
