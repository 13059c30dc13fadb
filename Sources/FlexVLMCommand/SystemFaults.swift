import Glibc

/// What ends a program from below, where no error can be thrown; here it ends with a message.
enum SystemFaults {
  /// File descriptors that an answer takes: Dispatch's events, the model, an image and an output.
  private static let descriptorCount = 8

  /// From now on a mapped file that is cut short, or whose disk fails, while it is read (SIGBUS) ends
  /// the program with `ioError`.
  static func install() {
    signal(SIGBUS) { _ in
      let message: StaticString =
        "\nflexvlm: A file in use (the model or the data set) was cut short; copy it again.\n"
      _ = unsafe write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(ExitCode.ioError.rawValue)
    }
  }

  /// - Throws: an error with code `unavailable` if there is no /proc, where Swift reads the arguments,
  ///   or so few file descriptors are left that Dispatch, which does not fail but traps, might get none.
  static func check() throws(CommandError) {
    guard CommandLine.argc > 0 else {
      throw CommandError(
        "The command line cannot be read: /proc is needed, and is not mounted here.", .unavailable)
    }
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    for _ in 0..<descriptorCount {
      let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
      if descriptor < 0, errno == EMFILE || errno == ENFILE {
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError(
          "\(reason): at least \(descriptorCount) more are needed; raise the limit with 'ulimit -n'.",
          .unavailable)
      }
      if descriptor >= 0 { descriptors.append(descriptor) }
    }
  }
}
