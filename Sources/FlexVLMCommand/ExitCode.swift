/// How the program ends: the codes of sysexits.h, and the shell's code for Ctrl-C.
enum ExitCode: Int32, CaseIterable, Sendable {
  case ok = 0
  case usage = 64
  case dataError = 65
  case noInput = 66
  case unavailable = 69
  case software = 70
  case cannotCreate = 73
  case ioError = 74
  case interrupted = 130

  var summary: String {
    switch self {
    case .ok: "success"
    case .usage: "wrong usage"
    case .dataError: "damaged or unsuitable input"
    case .noInput: "input not found or not readable"
    case .unavailable: "something needed is not available"
    case .software: "internal error"
    case .cannotCreate: "output file cannot be created"
    case .ioError: "reading or writing failed"
    case .interrupted: "interrupted"
    }
  }
}

/// Ends a command early.
struct CommandError: Error, Equatable {
  /// What happened, where, and what to do next; nil where there is nothing to say.
  let message: String?
  let code: ExitCode

  init(_ message: String, _ code: ExitCode) { (self.message, self.code) = (message, code) }

  private init(code: ExitCode) { (message, self.code) = (nil, code) }

  /// Whether standard output takes no more: nobody reads it, or it fails.
  var isOfOutput: Bool { code == .ok || code == .ioError }

  /// The fault was reported when it came up, and the command went on.
  static func reported(_ code: ExitCode) -> CommandError { CommandError(code: code) }

  /// Nobody reads standard output any more, as after `flexvlm ... | head -1`: no fault.
  static let closedPipe = CommandError(code: .ok)

  /// The user asked to end, and what there is to say was said.
  static let interrupted = CommandError(code: .interrupted)
}
