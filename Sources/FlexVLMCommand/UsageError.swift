import FlexVLM

/// A command line that cannot be understood: what is wrong with it, and in which command.
struct UsageError: Error, Equatable {
  enum Problem: Equatable {
    case optionBeforeCommand(String)
    case unknownCommand(String)
    case unknownOption(String)
    /// An option that only the listed commands take.
    case foreignOption(String, of: [Command])
    case missingValue(syntax: String)
    case unwantedValue(option: String)
    case invalidValue(option: String, expected: String, text: String)
    case repeatedOption(String)
    case missingPositional(String)
    case emptyPositional(String)
    case unexpectedPositional(String)
    case conflictingOptions(String, String)
    case questionBesideOption(question: String, option: String)
    case missingOption(String)
    case unknownBenchmark(String)
    case unknownType(String)
    case tooFewOccurrences(syntax: String, count: Int, least: Int)
  }

  /// The command that was being read; nil before one was known.
  let command: Command?
  let problem: Problem

  /// What is wrong and, where it can be guessed, what was meant.
  var message: String {
    switch problem {
    case .optionBeforeCommand(let option):
      return "Expected a command before '\(option)'."
    case .unknownCommand(let name):
      let known = Command.allCases.map(\.rawValue)
      return "Unknown command '\(name)'." + didYouMean(Suggestion.nearest(to: name, among: known))
    case .unknownOption(let option):
      // A short name is too short to guess from.
      guard option.hasPrefix("--") else { return "Unknown option '\(option)'." }
      let known = Option.table.filter { option in command.map(option.commands.contains) ?? false }
      let nearest = Suggestion.nearest(
        to: String(option.dropFirst(2)), among: known.map(\.name))
      return "Unknown option '\(option)'." + didYouMean(nearest.map { "--" + $0 })
    case .foreignOption(let option, let commands):
      let names = commands.map { "'flexvlm \($0.rawValue)'" }
      let first = names.dropLast().joined(separator: ", ")
      let owners = first.isEmpty ? names[0] : first + " and " + names[names.count - 1]
      return "'\(option)' is for \(owners) only."
    case .missingValue(let syntax):
      return "Missing value for '\(syntax)'."
    case .unwantedValue(let option):
      return "'\(option)' takes no value."
    case .invalidValue(let option, let expected, let text):
      return "'\(option)' takes \(expected), not '\(text)'."
    case .repeatedOption(let option):
      return "'\(option)' is given twice."
    case .missingPositional(let name):
      return "Missing \(name)."
    case .emptyPositional(let name):
      return "\(name) is empty."
    case .unexpectedPositional(let text):
      return "Unexpected argument '\(text)'. An argument of several words needs quotes."
    case .conflictingOptions(let first, let second):
      return "'\(first)' and '\(second)' exclude each other."
    case .questionBesideOption(let question, let option):
      return "'\(option)' stands in place of QUESTION, but '\(question)' is given too."
    case .missingOption(let syntax):
      return "'\(syntax)' is needed."
    case .unknownBenchmark(let name):
      let known = Benchmark.allCases.map(\.rawValue)
      let nearest = Suggestion.nearest(to: name, among: known)
      return "Unknown benchmark '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? " Known are \(Benchmark.names).")
    case .unknownType(let name):
      return "Unknown type '\(name)'. Known are \(QuantizationType.names)."
    case .tooFewOccurrences(let syntax, let count, let least):
      return "'\(syntax)' is needed at least \(least) times; it is given \(count) times."
    }
  }

  private func didYouMean(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean '\($0)'?" } ?? ""
  }
}
