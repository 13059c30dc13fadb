/// Help, generated from the tables of commands and options.
struct HelpText {
  /// Columns that a line may fill.
  var width = 80
  /// Marks a heading, such as with bold type.
  var heading: (String) -> String = { $0 }

  /// Width for a terminal: its own within what reads well, or the usual one if there is none.
  static func width(forColumns columns: Int?) -> Int { min(80, max(40, columns ?? 80)) }

  /// Help on one command, or on the program.
  func text(for command: Command?) -> String {
    let sections = command.map(sections(for:)) ?? overview
    return sections.joined(separator: "\n\n") + "\n"
  }

  /// The line that shows how to write a command.
  static func usage(of command: Command?) -> String {
    guard let command else { return "Usage: flexvlm COMMAND [options] [arguments]" }
    let options = command.options
    let required = options.flatMap { Array(repeating: $0.syntax, count: $0.occurrences.lowerBound) }
    let words = command.syntax.positionals.map(\.usage) + required
    let start = "Usage: flexvlm \(command.rawValue)" + (options.count > 1 ? " [options]" : "")
    return ([start] + words).joined(separator: " ")
  }

  /// Where to read more about a command.
  static func pointer(to command: Command?) -> String {
    "See 'flexvlm help\(command.map { " " + $0.rawValue } ?? "")'."
  }
}

// MARK: - Contents

extension HelpText {
  private var overview: [String] {
    let codes = ExitCode.allCases.map { "\($0.rawValue) \($0.summary)" }.joined(separator: ", ")
    return [
      wrap("flexvlm answers questions about high-resolution images on ordinary CPUs."),
      Self.usage(of: nil),
      section("Commands", rows: Command.allCases.map { ($0.rawValue, $0.syntax.summary) }),
      section("Examples", lines: [Command.ask, .score].compactMap(\.syntax.examples.first)),
      section("Default model", paragraph: Self.defaultModel),
      section("Environment", rows: Self.environment),
      section("Exit codes", paragraph: codes + "."),
      wrap(
        """
        \(Self.syntax) 'flexvlm help COMMAND' lists those of a \
        command, 'flexvlm -V' tells the version.
        """),
    ]
  }

  static let syntax = """
    Options stand anywhere after the command, as '--name value' or '--name=value', short ones also \
    together, as in '-vt1'; '--' ends them.
    """

  static let defaultModel = """
    The file that FLEXVLM_MODEL names; else Weights/flexvlm-mini.gguf beside the program or in a \
    folder above it; else flexvlm-mini.gguf in share/flexvlm beside the program's folder; else \
    flexvlm-mini.gguf, or the only .gguf, in XDG_DATA_HOME/flexvlm.
    """

  static let environment = [
    ("FLEXVLM_MODEL", "Model to use when none is given."),
    ("FLEXVLM_API_KEY", "Key that clients of 'flexvlm serve' must send."),
    ("XDG_DATA_HOME", "Folder of user data (default: ~/.local/share)."),
    ("NO_COLOR", "If set, no colour and no bold type."),
    ("OPENBLAS_CORETYPE", "CPU type for OpenBLAS; if unset, flexvlm chooses by the CPU."),
  ]

  private func sections(for command: Command) -> [String] {
    let syntax = command.syntax
    let options = command.options
    var sections = [Self.usage(of: command), wrap(syntax.summary + " " + syntax.details)]
    if !syntax.positionals.isEmpty {
      sections.append(section("Arguments", rows: syntax.positionals.map { ($0.name, $0.help) }))
    }
    sections.append(
      section("Options", rows: options.map { (Self.left($0), Self.explanation(of: $0)) }))
    if !syntax.examples.isEmpty {
      sections.append(section("Examples", lines: syntax.examples))
    }
    return sections
  }

  /// "-m, --model <file>", with room for a short name where there is none.
  private static func left(_ option: Option) -> String {
    (option.shortName.map { "-\($0), " } ?? "    ") + option.syntax
  }

  /// "Longest answer, in tokens (1 to 4096; default: 128)."
  static func explanation(of option: Option) -> String {
    let notes = [option.limits, option.defaultText.map { "default: \($0)" }].compactMap(\.self)
    guard !notes.isEmpty else { return option.help }
    return "\(option.help.dropLast()) (\(notes.joined(separator: "; ")))."
  }
}

// MARK: - Layout

extension HelpText {
  private func section(_ title: String, lines: [String]) -> String {
    ([heading(title + ":")] + lines.map { "  " + $0 }).joined(separator: "\n")
  }

  private func section(_ title: String, paragraph: String) -> String {
    section(title, lines: [wrap(paragraph, indent: 2)])
  }

  /// Rows of two columns; the right one wraps.
  private func section(_ title: String, rows: [(left: String, right: String)]) -> String {
    let column = (rows.map(\.left.count).max() ?? 0) + 4
    return section(
      title,
      lines: rows.map { row in
        let padding = String(repeating: " ", count: column - 2 - row.left.count)
        return row.left + padding + wrap(row.right, indent: column)
      })
  }

  /// Breaks a text at spaces; lines after the first begin with `indent` spaces.
  private func wrap(_ text: String, indent: Int = 0) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, indent + line.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
