import Glibc
import Synchronization

/// Ctrl-C, hang-ups, full disks and closed pipes, all of which end the program tidily.
enum Interruption {
  /// What Ctrl-C does.
  private enum Mode: Int {
    /// Ends the program.
    case ends
    /// Is noted in `isRequested` the first time; the second time it ends the program.
    case isNoted
    /// Is noted, however often it comes.
    case isOnlyNoted
  }

  private static let mode = Atomic(Mode.ends.rawValue)
  private static let request = Atomic(false)
  /// Whether the last text on standard output left its line open.
  private static let lineIsOpen = Atomic(false)

  /// From now on Ctrl-C closes the line on standard output and exits with `interrupted`, and a
  /// write to a closed pipe or beyond the size that a file may have fails in place of killing the
  /// program.
  static func install() {
    unblock()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // Initialised here, for the handler must not: it may only load, write and exit.
    lineIsOpen.store(false, ordering: .relaxed)
    request.store(false, ordering: .relaxed)
    mode.store(Mode.ends.rawValue, ordering: .relaxed)
    handle(SIGINT)
  }

  /// From now on the first Ctrl-C, the SIGTERM of a job scheduler or the hang-up of a terminal is
  /// only noted in `isRequested`; the second ends the program at once.
  static func deferToRequest() {
    note()
    handle(SIGTERM)
    if !isIgnored(SIGHUP) { handle(SIGHUP) }
  }

  /// Runs `body`, which the first Ctrl-C only asks to stop, through `isRequested`.
  static func stoppable<Result, Failure>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = mode.load(ordering: .relaxed)
    note()
    defer { mode.store(before, ordering: .relaxed) }
    return try body()
  }

  /// From now on Ctrl-C ends nothing but what is `stoppable`.
  static func endNothingElse() {
    mode.store(Mode.isOnlyNoted.rawValue, ordering: .relaxed)
  }

  /// Forgets what was noted so far.
  static func forgetRequest() { request.store(false, ordering: .relaxed) }

  /// Whether the user asked to end, since `deferToRequest` or `stoppable` began.
  static var isRequested: Bool { request.load(ordering: .relaxed) }

  /// Records a text that was written to standard output.
  static func didPrint(_ text: String) {
    guard let last = text.utf8.last else { return }
    lineIsOpen.store(last != UInt8(ascii: "\n"), ordering: .relaxed)
  }

  /// A program inherits what its parent blocked, such as all signals on threads of Dispatch's.
  private static func unblock() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func note() {
    request.store(false, ordering: .relaxed)
    mode.store(Mode.isNoted.rawValue, ordering: .relaxed)
  }

  /// Whether the program was started to ignore a signal, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ number: Int32) {
    signal(number) { _ in
      let mode = Interruption.mode.load(ordering: .relaxed)
      let wasRequested = Interruption.request.exchange(true, ordering: .relaxed)
      if mode == Mode.isOnlyNoted.rawValue { return }
      if mode == Mode.isNoted.rawValue, !wasRequested { return }
      if Interruption.lineIsOpen.load(ordering: .relaxed) {
        let newline: StaticString = "\n"
        _ = unsafe write(STDOUT_FILENO, newline.utf8Start, 1)
      }
      _exit(ExitCode.interrupted.rawValue)
    }
  }
}
