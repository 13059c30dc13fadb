import FlexVLM

/// One line typed in `flexvlm explore`: a question, or a command that begins with a colon.
enum ExploreInput: Equatable {
  case question(String)
  /// Draws the last answer's cells into a file, or into the terminal.
  case heatmap(String?)
  /// Tells what each layer chose, or draws it into a file.
  case layers(String?)
  /// Changes the policy for what is asked next, or tells it.
  case policy(SelectionPolicy?, budget: Double?)
  case time
  case help
  case quit

  static let helpText = """
    Type a question, or
      :heatmap [FILE]         draw the cells seen for the last answer (PNG, or in the terminal)
      :layers [FILE]          tell the cells of each layer, or draw each layer and token (PNG)
      :policy [NAME [SHARE]]  look at other cells from now on, or tell the policy in use
      :time                   tell what the last answer took
      :help                   show this
      :quit                   leave, as 'exit' and Ctrl-D do; Ctrl-C stops an answer

    """

  private static let commands = ["heatmap", "layers", "policy", "time", "help", "quit"]
  private static let waysOut = ["quit", "exit", "q", "bye"]

  init(_ line: String) throws(CommandError) {
    guard let sign = line.first, sign == ":" || Self.beginsWithSlashCommand(line) else {
      let isWayOut = ["exit", "quit"].contains(line.lowercased())
      self = isWayOut ? .quit : .question(try Self.question(line))
      return
    }
    let words = line.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
    let (typed, argument) = (words.first ?? "", words.count > 1 ? words[1] : nil)
    let name = Self.waysOut.contains(typed) ? "quit" : typed
    switch name {
    case "heatmap": self = .heatmap(argument)
    case "layers": self = .layers(argument)
    case "policy": self = try Self.policy(argument)
    case "time", "help", "quit":
      if let argument {
        throw CommandError("'\(sign)\(typed)' takes nothing more, not '\(argument)'.", .usage)
      }
      self = name == "time" ? .time : name == "help" ? .help : .quit
    default:
      let guess = Suggestion.nearest(to: name, among: Self.commands)
      throw CommandError(
        "Unknown command '\(sign)\(name)'."
          + (guess.map { Suggestion.question("\(sign)\($0)") } ?? " See ':help'."),
        .usage)
    }
  }

  /// Whether a line begins as commands do in other programs: "/help", but not "/etc/hosts".
  private static func beginsWithSlashCommand(_ line: String) -> Bool {
    let word = line.prefix { !$0.isWhitespace }
    return word.count > 1 && word.hasPrefix("/") && word.dropFirst().allSatisfy(\.isLetter)
  }

  /// A line that is to be asked.
  private static func question(_ line: String) throws(CommandError) -> String {
    if FileName.isMeant(by: line) {
      throw CommandError(
        "'\(line)' is a file, not a question; leave and explore that one.", .usage)
    }
    return line
  }

  private static func policy(_ argument: String?) throws(CommandError) -> ExploreInput {
    let words = (argument ?? "").split(separator: " ").map(String.init)
    guard let name = words.first else { return .policy(nil, budget: nil) }
    let type = ValueType<SelectionPolicy>.choice()
    guard let policy = type.read(name) else {
      throw CommandError(
        "':policy' takes \(type.expected), not '\(name)'."
          + Suggestion.question(Suggestion.nearest(to: name, among: type.names)), .usage)
    }
    guard words.count > 1 else { return .policy(policy, budget: nil) }
    let share = ValueType.number(0...1)
    guard policy.defaultBudget != nil else {
      throw CommandError("Policy '\(name)' has no share to choose.", .usage)
    }
    guard words.count == 2, let budget = share.read(words[1]) else {
      let text = words.dropFirst().joined(separator: " ")
      throw CommandError("The share is \(share.expected), not '\(text)'.", .usage)
    }
    return .policy(policy, budget: budget)
  }
}
