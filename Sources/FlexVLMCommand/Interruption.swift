import Glibc
import Synchronization

/// Ctrl-C and closed pipes, both of which end the program tidily.
enum Interruption {
  /// Whether the last text on standard output left its line open.
  private static let lineIsOpen = Atomic(false)

  /// From now on Ctrl-C closes the line on standard output and exits with `interrupted`, and a
  /// write to a closed pipe fails in place of killing the program.
  static func install() {
    signal(SIGPIPE, SIG_IGN)
    // Initialised here, for the handler must not: it may only load, write and exit.
    lineIsOpen.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interruption.lineIsOpen.load(ordering: .relaxed) {
        let newline: StaticString = "\n"
        _ = unsafe write(STDOUT_FILENO, newline.utf8Start, 1)
      }
      _exit(ExitCode.interrupted.rawValue)
    }
  }

  private static let request = Atomic(false)

  /// From now on the first Ctrl-C, or the SIGTERM of a job scheduler, is only noted in `isRequested`;
  /// the second ends the program at once.
  static func deferToRequest() {
    request.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.request.exchange(true, ordering: .relaxed) {
          _exit(ExitCode.interrupted.rawValue)
        }
      }
    }
  }

  /// Whether the user asked to end, since `deferToRequest`.
  static var isRequested: Bool { request.load(ordering: .relaxed) }

  /// Records a text that was written to standard output.
  static func didPrint(_ text: String) {
    guard let last = text.utf8.last else { return }
    lineIsOpen.store(last != UInt8(ascii: "\n"), ordering: .relaxed)
  }
}
