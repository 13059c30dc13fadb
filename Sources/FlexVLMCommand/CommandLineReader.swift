import FlexVLM

/// Reads command lines: arguments -> option values and positionals -> request.
///
/// Options are `--name value`, `--name=value`, `-n value` or `-nvalue`, anywhere after the command;
/// `-vt1` is `-v -t 1`; `--` ends them. `-5` and `-` are ordinary words.
struct CommandLineReader {
  /// The request that arguments make, the program's name not among them.
  static func read(_ arguments: [String]) throws(UsageError) -> Request {
    guard let first = arguments.first else { return .help(nil) }
    switch first {
    case "-h", "--help": return .help(nil)
    case "-V", "--version": return .version
    default: break
    }
    if isOption(first) { throw UsageError(command: nil, problem: .optionBeforeCommand(first)) }
    var reader = CommandLineReader(command: try command(named: first))
    try reader.scan(arguments.dropFirst())
    return try reader.request()
  }

  let command: Command
  private(set) var values = OptionValues()
  var positionals: ArraySlice<String> = []
  /// How often each option came, by long name.
  private(set) var counts: [String: Int] = [:]

  private init(command: Command) { self.command = command }

  static func command(named name: String) throws(UsageError) -> Command {
    guard let command = Command(rawValue: name) else {
      throw UsageError(command: nil, problem: .unknownCommand(name))
    }
    return command
  }

  /// Whether a word is meant as an option: `--name`, `-n`; neither `-`, `-5` nor `- item`.
  private static func isOption(_ word: String) -> Bool {
    word.hasPrefix("--") || (word.hasPrefix("-") && word.dropFirst().first?.isLetter == true)
  }

  func error(_ problem: UsageError.Problem) -> UsageError {
    UsageError(command: command, problem: problem)
  }
}

// MARK: - Words to option values and positionals

extension CommandLineReader {
  private mutating func scan(_ arguments: ArraySlice<String>) throws(UsageError) {
    var rest = arguments
    while let word = rest.popFirst(), !values.showsHelp {
      if word == "--" {
        positionals += rest
        return
      }
      guard Self.isOption(word) else {
        positionals.append(word)
        continue
      }
      if word.hasPrefix("--") {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = try option(spelled: String(parts[0]))
        try take(option, attached: parts.count > 1 ? String(parts[1]) : nil, rest: &rest)
      } else {
        try scanShortNames(word, rest: &rest)
      }
    }
  }

  /// Reads `-vt1`: flags, then perhaps an option whose value is what follows, or the next word.
  private mutating func scanShortNames(
    _ word: String, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var names = word.dropFirst()
    // "-model" is more likely a slip than "-m odel".
    let whole = names.prefix { $0 != "=" }
    if whole.count > 1, Option.table.contains(where: { $0.name == whole }) {
      throw error(.unknownOption(word))
    }
    while let name = names.popFirst() {
      let option = try option(spelled: "-\(name)")
      if option.placeholder == nil {
        guard names.first != "=" else { throw error(.unwantedValue(option: "--" + option.name)) }
        try take(option, attached: nil, rest: &rest)
      } else {
        let value = names.first == "=" ? names.dropFirst() : names
        return try take(option, attached: names.isEmpty ? nil : String(value), rest: &rest)
      }
    }
  }

  /// Stores an option and its value.
  private mutating func take(
    _ option: Option, attached: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    counts[option.name, default: 0] += 1
    if counts[option.name, default: 0] > option.occurrences.upperBound {
      throw error(.repeatedOption("--" + option.name))
    }
    let text = try value(of: option, attached: attached, rest: &rest)
    guard option.store(text, &values) else {
      throw error(
        .invalidValue(
          option: "--" + option.name, expected: option.expected, text: text,
          nearest: Suggestion.nearest(to: text.lowercased(), among: option.names)))
    }
  }

  private func option(spelled spelling: String) throws(UsageError) -> Option {
    let found = Option.table.filter { option in
      spelling == "--" + option.name || option.shortName.map { spelling == "-\($0)" } ?? false
    }
    if found.isEmpty { throw error(.unknownOption(spelling)) }
    // Some names stand for one option here and another there.
    guard let option = found.first(where: { $0.commands.contains(command) }) else {
      let commands = Set(found.flatMap(\.commands))
      throw error(.foreignOption(spelling, of: Command.allCases.filter(commands.contains)))
    }
    return option
  }

  private func value(
    of option: Option, attached: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    if option.placeholder == nil {
      guard attached == nil else { throw error(.unwantedValue(option: "--" + option.name)) }
      return ""
    }
    if let attached { return attached }
    guard let next = rest.first, !Self.isOption(next) else {
      throw error(.missingValue(syntax: option.syntax))
    }
    rest.removeFirst()
    return next
  }
}
