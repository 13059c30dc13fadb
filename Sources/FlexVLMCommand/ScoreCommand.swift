enum ScoreCommand {
  static func run(_ request: ScoreRequest, terminal: Terminal) async throws {
    throw CommandError("This command is not built yet.", .unavailable)
  }
}
