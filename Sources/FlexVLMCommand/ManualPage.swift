/// The manual page, in man's macros of troff, generated from the tables of commands and options.
enum ManualPage {
  static var text: String {
    let sections: [(String, [String])] = [
      ("NAME", ["flexvlm \\- questions about high\\-resolution images, answered on ordinary CPUs"]),
      ("SYNOPSIS", Command.allCases.flatMap(synopsis)),
      ("DESCRIPTION", [escaped(description)]),
      ("COMMANDS", Command.allCases.flatMap(paragraph)),
      ("OPTIONS", Option.table.flatMap(paragraph)),
      ("DEFAULT MODEL", [escaped(HelpText.defaultModel)]),
      ("ENVIRONMENT", HelpText.environment.flatMap { tagged("\\fB\($0)\\fR", $1) }),
      (
        "EXIT STATUS",
        ExitCode.allCases.flatMap { tagged("\\fB\($0.rawValue)\\fR", $0.summary + ".") }
      ),
      ("EXAMPLES", [".nf"] + Command.allCases.flatMap(\.syntax.examples).map(escaped) + [".fi"]),
    ]
    return """
      .\\" Made by 'flexvlm help --man'.
      .TH FLEXVLM 1 "" "flexvlm \(FlexVLMCommand.version)" "User Commands"
      \(sections.map { ".SH \($0)\n" + $1.joined(separator: "\n") }.joined(separator: "\n"))

      """
  }

  private static let description = """
    flexvlm runs vision-language models of the LLaVA-1.5 and FlexAttention families. An image is \
    seen twice: small as a whole, and at high resolution only where the model's own attention says \
    that it matters. \(HelpText.syntax)
    """

  private static func synopsis(_ command: Command) -> [String] {
    let name = "flexvlm \(command.rawValue)"
    let rest = HelpText.usage(of: command).dropFirst("Usage: \(name) ".count)
    return ["\\fB\(name)\\fR \(escaped(String(rest)))".trimmed, ".br"]
  }

  private static func paragraph(_ command: Command) -> [String] {
    let syntax = command.syntax
    let places = syntax.positionals.flatMap { tagged("\\fI\(escaped($0.name))\\fR", $0.help) }
    return [".SS \(command.rawValue)", escaped(syntax.summary + " " + syntax.details)] + places
  }

  private static func paragraph(_ option: Option) -> [String] {
    let short = option.shortName.map { "\\fB\\-\($0)\\fR, " } ?? ""
    let value =
      option.placeholder.map { " \\fI\(escaped(String($0.dropFirst().dropLast())))\\fR" } ?? ""
    let all = option.commands.count == Command.allCases.count
    let commands = option.commands.map(\.rawValue).joined(separator: ", ")
    return tagged(
      "\(short)\\fB\\-\\-\(escaped(option.name))\\fR\(value)",
      HelpText.explanation(of: option) + (all ? "" : " For \(commands)."))
  }

  private static func tagged(_ tag: String, _ text: String) -> [String] {
    [".TP", tag, escaped(text)]
  }

  /// A line of text, of which troff takes nothing as its own.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("\n", with: " ").trimmed
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
