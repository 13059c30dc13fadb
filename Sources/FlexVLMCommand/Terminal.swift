import FlexVLM
import Glibc

/// The program's two streams: answers go to `output`, everything else to `error`.
struct Terminal: Sendable {
  let output: TextOutput
  let error: TextOutput
  /// What to call files whose names the paths in use only stand for.
  var names: [String: String] = [:]

  /// Standard output and standard error.
  static func standard(environment: [String: String]) -> Terminal {
    Terminal(
      output: TextOutput(descriptor: STDOUT_FILENO, environment: environment),
      error: TextOutput(descriptor: STDERR_FILENO, environment: environment))
  }

  /// Prints what went wrong on standard error.
  func report(_ message: String) {
    try? error.write("flexvlm:", .red)
    note(" " + named(message))
  }

  /// A text with the names of the files in it.
  func named(_ text: String) -> String {
    // The longest first, for one path may begin like another.
    names.sorted { $0.key.count > $1.key.count }
      .reduce(text) { $0.replacing($1.key, with: $1.value) }
  }

  /// Prints a line on standard error; if that is closed, there is nobody left to tell.
  func note(_ line: String, _ style: TextOutput.Style? = nil) {
    try? error.write(line, style)
    try? error.write("\n")
  }
}

/// An open file that takes text, unbuffered, so that a streamed answer shows at once.
struct TextOutput: Sendable {
  let descriptor: Int32
  let isTerminal: Bool
  let usesStyles: Bool

  init(descriptor: Int32, environment: [String: String]) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
    usesStyles = Self.usesStyles(isTerminal: isTerminal, environment: environment)
  }

  /// Writes a text from anywhere: all of it, printable, and in a style if this output shows styles.
  /// - Throws: `CommandError.closedPipe` if the reader is gone, else an error with code `ioError`.
  func write(_ text: String, _ style: Style? = nil) throws(CommandError) {
    try write(sequence: styled(text.printable, style))
  }

  /// Writes a text of the program's own as it is, such as commands to the terminal.
  /// - Throws: as `write` does.
  func write(sequence text: String) throws(CommandError) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EPIPE {
        throw .closedPipe
      } else if errno != EINTR {
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError("Cannot write the output: \(reason).", .ioError)
      }
    }
    if descriptor == STDOUT_FILENO { Interruption.didPrint(text) }
  }

  /// A text in a style, if this output shows styles.
  func styled(_ text: String, _ style: Style?) -> String {
    guard usesStyles, let style else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }

  /// Columns of the terminal; nil if this is none.
  var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}

// MARK: - Styles

extension TextOutput {
  /// Type styles by their ECMA-48 parameters.
  enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
  }

  /// Styles are for terminals that know them and users who want them (no-color.org).
  static func usesStyles(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}
