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
    case invalidValue(option: String, expected: String, text: String, nearest: String?)
    case repeatedOption(String)
    case missingPositional(String)
    case emptyPositional(String)
    case unexpectedPositional(String)
    case conflictingOptions(String, String)
    case questionBesideOption(question: String, option: String)
    case missingOption(String)
    /// A word that is none of a few, such as "benchmark".
    case unknownName(String, of: String, known: [String])
    case unknownType(String)
    case tooFewOccurrences(syntax: String, count: Int, least: Int)
    /// A file's name where a question belongs.
    case fileForQuestion(String, usesImage: Bool)
    /// The image where the question belongs, and the other way round.
    case swappedArguments(image: String)
    /// Two things that are read from standard input, or written to one file.
    case sharedFile(String, String, file: String)
    case notUTF8(String)
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
      let nearest = Suggestion.nearest(to: name, among: known)
      return "Unknown command '\(name)'." + Suggestion.question(nearest)
    case .unknownOption(let option):
      // A short name is too short to guess from, unless it is a long one with a dash too few.
      guard option.hasPrefix("--") else {
        let name = option.dropFirst().prefix { $0 != "=" }
        let known = Option.table.first { $0.name == name }.map { "--" + $0.name }
        return "Unknown option '\(option)'." + Suggestion.question(known)
      }
      let known = command?.options ?? []
      let nearest = Suggestion.nearest(
        to: String(option.dropFirst(2)), among: known.map(\.name))
      return "Unknown option '\(option)'." + Suggestion.question(nearest.map { "--" + $0 })
    case .foreignOption(let option, let commands):
      let names = commands.map { "'flexvlm \($0.rawValue)'" }
      let first = names.dropLast().joined(separator: ", ")
      let owners = first.isEmpty ? names[0] : first + " and " + names[names.count - 1]
      return "'\(option)' is for \(owners) only."
    case .missingValue(let syntax):
      return "Missing value for '\(syntax)'."
    case .unwantedValue(let option):
      return "'\(option)' takes no value."
    case .invalidValue(let option, let expected, let text, let nearest):
      return "'\(option)' takes \(expected), not '\(text)'." + Suggestion.question(nearest)
    case .repeatedOption(let option):
      return "'\(option)' is given twice."
    case .missingPositional(let name):
      return "Missing \(name)."
    case .emptyPositional(let name):
      return "\(name) is empty."
    case .unexpectedPositional(let text):
      if FileName.isMeant(by: text) {
        return "Unexpected argument '\(text)'. Give one file at a time."
      }
      return "Unexpected argument '\(text)'. An argument of several words needs quotes."
    case .conflictingOptions(let first, let second):
      return "'\(first)' and '\(second)' exclude each other."
    case .questionBesideOption(let question, let option):
      return "'\(option)' stands in place of QUESTION, but '\(question)' is given too."
    case .missingOption(let syntax):
      return "'\(syntax)' is needed."
    case .unknownName(let name, let kind, let known):
      let nearest = Suggestion.nearest(to: name, among: known)
      return "Unknown \(kind) '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" }
          ?? " Known are \(known.joined(separator: ", ")).")
    case .unknownType(let name):
      return "Unknown type '\(name)'. Known are \(QuantizationType.names)."
    case .tooFewOccurrences(let syntax, let count, let least):
      return "'\(syntax)' is needed at least \(counted(least, "time")); it is given "
        + "\(counted(count, "time"))."
    case .fileForQuestion(let name, usesImage: true):
      return "'\(name)' is a file in the place of QUESTION; ask about one image at a time."
    case .fileForQuestion(let name, usesImage: false):
      return "'\(name)' is a file, but with '--no-image' every argument is a question."
    case .swappedArguments(let image):
      return "QUESTION comes after IMAGE; put '\(image)' first."
    case .sharedFile(let first, let second, file: "-"):
      return "\(first) and \(second) cannot both be standard input."
    case .sharedFile(let first, let second, let file):
      return "\(first) and \(second) are both '\(file)'."
    case .notUTF8(let word):
      return "'\(word)' is not UTF-8, nor is there a file of that name."
    }
  }

}
