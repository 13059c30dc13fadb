import FlexVLM

/// Scripts that complete command lines of flexvlm in a shell, generated from the tables of commands
/// and options.
enum CompletionScript: String, CaseIterable, Sendable {
  case bash, zsh, fish

  var text: String {
    let note =
      "# Completions of flexvlm for \(rawValue), made by 'flexvlm completions \(rawValue)'."
    switch self {
    case .bash: return note + "\n" + bash
    case .zsh: return "#compdef flexvlm\n" + note + "\n" + zsh
    case .fish: return note + "\n" + fish
    }
  }

  /// In single quotes of a shell.
  private func quoted(_ text: String) -> String {
    switch self {
    case .bash, .zsh: "'\(text.replacing("'", with: "'\\''"))'"
    case .fish: "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
  }
}

extension Option {
  /// Help up to what follows a semicolon, without the full stop.
  fileprivate var shortHelp: String {
    String(help.prefix { $0 != ";" }).split(separator: ". ").first.map {
      String($0.hasSuffix(".") ? $0.dropLast() : $0)
    } ?? ""
  }

  /// The words that a command line has it by, such as `--model` and `-m`.
  fileprivate var spellings: [String] {
    ["--" + name] + (shortName.map { ["-\($0)"] } ?? [])
  }

  fileprivate var takes: Positional.Kind {
    if !names.isEmpty { return .one(of: names) }
    return expected == ValueType.fileName.expected ? .file : .text
  }
}

// MARK: - bash

extension CompletionScript {
  private var bash: String {
    """
    _flexvlm() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= files=
      # bash parts --name=value into three words.
      [[ $current == = ]] && current=
      [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}
      if ((COMP_CWORD == 1)); then
        words=\(quoted(Command.allCases.map(\.rawValue).joined(separator: " ")))
      else
        case ${COMP_WORDS[1]} in
    \(Command.allCases.map(bashBranch).joined(separator: "\n"))
        esac
      fi
      mapfile -t COMPREPLY < <(compgen ${files:+-f} -W "$words" -- "$current")
    }
    complete -o filenames -F _flexvlm flexvlm

    """
  }

  private func bashBranch(_ command: Command) -> String {
    var lines = command.options.compactMap { option -> String? in
      guard option.placeholder != nil else { return nil }
      return "\(option.spellings.joined(separator: "|"))) \(bashAction(option.takes)) ;;"
    }
    let names = command.options.map { "--" + $0.name }.joined(separator: " ")
    let rest = bashRest(command)
    lines.append(
      "*) if [[ $current == -* ]]; then words=\(quoted(names)); else \(rest); fi ;;")
    return """
          \(command.rawValue))
            case $previous in
            \(lines.joined(separator: "\n      "))
            esac ;;
      """
  }

  private func bashAction(_ kind: Positional.Kind) -> String {
    switch kind {
    case .file: "files=1"
    case .text: "words="
    case .one(let names): "words=\(quoted(names.joined(separator: " ")))"
    }
  }

  /// What may stand at a place that is no option's: bash is not told which place it is.
  private func bashRest(_ command: Command) -> String {
    let kinds = command.syntax.positionals.map(\.kind)
    let names = kinds.flatMap(\.names)
    let words = bashAction(names.isEmpty ? .text : .one(of: names))
    return kinds.contains(.file) ? "files=1 \(words)" : words
  }
}

// MARK: - zsh

extension CompletionScript {
  private var zsh: String {
    let commands = Command.allCases.map {
      quoted("\($0.rawValue):\($0.syntax.summary.dropLast())")
    }
    return """
      _flexvlm() {
        if ((CURRENT == 2)); then
          local -a commands=(
            \(commands.joined(separator: "\n      "))
          )
          _describe command commands
          return
        fi
        local command=$words[2]
        shift words
        ((CURRENT--))
        case $command in
      \(Command.allCases.map(zshBranch).joined(separator: "\n"))
        esac
      }
      # Loaded by compinit it is called; sourced it tells zsh of itself.
      if [[ $funcstack[1] == _flexvlm ]]; then _flexvlm "$@"; else compdef _flexvlm flexvlm; fi

      """
  }

  private func zshBranch(_ command: Command) -> String {
    let options = command.options.map(zshOption)
    let places = command.syntax.positionals.map { positional in
      let start = positional.count == .many ? "*:" : positional.count == .optional ? "::" : ":"
      return quoted("\(start)\(positional.name):\(zshAction(positional.kind))")
    }
    return """
          \(command.rawValue))
            _arguments -s \\
              \((options + places).joined(separator: " \\\n        ")) ;;
      """
  }

  /// Such as `'(-m --model)'{-m+,--model=}'[Model in GGUF]:file:_files'`.
  private func zshOption(_ option: Option) -> String {
    let value = option.placeholder.map {
      ":\($0.dropFirst().dropLast()):\(zshAction(option.takes))"
    }
    let repeats = option.occurrences.upperBound > 1
    let long = "--\(option.name)" + (value == nil ? "" : "=")
    let help = "[\(escapedInBrackets(option.shortHelp))]" + (value ?? "")
    guard let shortName = option.shortName else {
      return quoted((repeats ? "*" : "") + long + help)
    }
    let short = "-\(shortName)" + (value == nil ? "" : "+")
    let excluded = repeats ? "*" : "(-\(shortName) --\(option.name))"
    return "\(quoted(excluded)){\(short),\(long)}\(quoted(help))"
  }

  private func zshAction(_ kind: Positional.Kind) -> String {
    switch kind {
    case .file: "_files"
    case .text: " "
    case .one(let names): "(\(names.joined(separator: " ")))"
    }
  }

  private func escapedInBrackets(_ text: String) -> String {
    text.replacing("[", with: "\\[").replacing("]", with: "\\]").replacing(":", with: "\\:")
  }
}

// MARK: - fish

extension CompletionScript {
  private var fish: String {
    let commands = Command.allCases.map {
      "complete -c flexvlm -n __fish_use_subcommand -a \($0.rawValue) -d "
        + quoted(String($0.syntax.summary.dropLast()))
    }
    let rest = Command.allCases.flatMap { command in
      command.syntax.positionals.compactMap { fishPlace($0, of: command) }
        + command.options.map { fishOption($0, of: command) }
    }
    return (["complete -c flexvlm -f"] + commands + rest).joined(separator: "\n") + "\n"
  }

  private func fishPlace(_ positional: Positional, of command: Command) -> String? {
    let action = fishAction(positional.kind)
    return action.isEmpty ? nil : fishLine(of: command) + action
  }

  private func fishOption(_ option: Option, of command: Command) -> String {
    let short = option.shortName.map { " -s \($0)" } ?? ""
    let value = option.placeholder == nil ? "" : " -r" + fishAction(option.takes)
    return "\(fishLine(of: command)) -l \(option.name)\(short)\(value) -d "
      + quoted(option.shortHelp)
  }

  private func fishLine(of command: Command) -> String {
    "complete -c flexvlm -n '__fish_seen_subcommand_from \(command.rawValue)'"
  }

  private func fishAction(_ kind: Positional.Kind) -> String {
    switch kind {
    case .file: " -F"
    case .text: ""
    case .one(let names): " -a \(quoted(names.joined(separator: " ")))"
    }
  }
}
