/// Faults that do not keep a command from going on: each is reported when it comes up, and the first
/// gives the exit code.
struct Faults {
  private let terminal: Terminal
  private var first: ExitCode?

  init(reportingOn terminal: Terminal) { self.terminal = terminal }

  /// - Parameter place: where it happened, such as "line 3".
  mutating func add(_ error: CommandError, at place: String? = nil) {
    terminal.report((place.map { $0 + ": " } ?? "") + (error.message ?? ""))
    first = first ?? error.code
  }

  /// - Throws: an error without a message if there was a fault.
  func finish() throws(CommandError) {
    if let first { throw .reported(first) }
  }
}
