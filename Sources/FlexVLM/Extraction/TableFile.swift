/// The file of a table, which grows row by row. It is made anew by every run, for all that is in it can
/// be drawn from the answers beside it.
package final class TableFile: Sendable {
  private let file: GrowingFile

  /// - Throws: ``EvaluationError``
  package init(_ path: String) throws(EvaluationError) {
    file = try GrowingFile(path)
    try file.truncate(to: 0)
  }

  /// Adds a header or a row.
  /// - Throws: ``EvaluationError``
  package func append(_ text: String) throws(EvaluationError) {
    try file.append(text, isDurable: false)
  }
}
