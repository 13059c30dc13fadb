enum InspectCommand {
  static func run(_ request: InspectRequest, terminal: Terminal) async throws {
    throw CommandError("This command is not built yet.", .unavailable)
  }
}
