enum AskCommand {
  static func run(_ request: AskRequest, terminal: Terminal) async throws {
    throw CommandError("This command is not built yet.", .unavailable)
  }
}
