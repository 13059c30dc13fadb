/// How help and usage lines describe a command.
struct CommandSyntax: Sendable {
  let summary: String
  var details = ""
  var positionals: [Positional] = []
  var examples: [String] = []
}

extension Command {
  /// The options that it takes, in the order that help lists them.
  var options: [Option] { Option.table.filter { $0.commands.contains(self) } }
}

/// An argument known by its place.
struct Positional: Sendable {
  enum Count: Sendable { case one, optional, many }

  /// What stands there, for completion.
  enum Kind: Sendable, Equatable {
    case file
    case text
    case one(of: [String])

    /// All values, where there are few.
    var names: [String] { if case .one(let names) = self { names } else { [] } }
  }

  let name: String
  let count: Count
  let kind: Kind
  let help: String

  init(_ name: String, _ count: Count, _ kind: Kind, _ help: String) {
    (self.name, self.count, self.kind, self.help) = (name, count, kind, help)
  }

  /// As a usage line shows it: `IMAGE`, `[MODEL]`, `QUESTION [QUESTION...]`.
  var usage: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .many: "\(name) [\(name)...]"
    }
  }
}

/// An argument known by its name: `--name`, `--name <value>`, or with a short name `-n`.
///
/// The type of the field it writes decides how often it may come: for a list again and again, else
/// once.
struct Option: Sendable {
  /// The `OptionValues` field of a declaration.
  typealias Field<Value> = any WritableKeyPath<OptionValues, Value> & Sendable

  /// Long name, without the dashes.
  let name: String
  let shortName: Character?
  /// Stands for the value in help, such as `<file>`; nil for a flag.
  let placeholder: String?
  /// How often a command line has it.
  let occurrences: ClosedRange<Int>
  let commands: [Command]
  let help: String
  /// What a value must be, to complete "'--name' takes ..."; empty for a flag.
  let expected: String
  /// Limits of the value that help shows; nil where there are none.
  let limits: String?
  /// All values, where there are few.
  let names: [String]
  /// The default as the user would write it; nil where the option has none.
  let defaultText: String?
  /// Writes a value, or for a flag the empty text, into its field; false if it is not `expected`.
  let store: @Sendable (_ text: String, _ values: inout OptionValues) -> Bool

  /// The long name and its value, such as `--model <file>`.
  var syntax: String { placeholder.map { "--\(name) \($0)" } ?? "--\(name)" }

  /// Declares an option with a default value.
  init<Value>(
    _ name: String, _ shortName: Character?, _ placeholder: String, _ type: ValueType<Value>,
    _ field: Field<Value>, for commands: [Command], _ help: String
  ) {
    self.init(
      name: name, shortName: shortName, placeholder: placeholder, occurrences: 0...1,
      commands: commands, help: help, expected: type.expected, limits: type.limits,
      names: type.names, defaultText: type.write(OptionValues()[keyPath: field])
    ) { text, values in
      guard let value = type.read(text) else { return false }
      values[keyPath: field] = value
      return true
    }
  }

  /// Declares an option without a default value, which a command line must have if `isRequired`.
  init<Value>(
    _ name: String, _ shortName: Character?, _ placeholder: String, _ type: ValueType<Value>,
    _ field: Field<Value?>, isRequired: Bool = false, for commands: [Command], _ help: String
  ) {
    self.init(
      name: name, shortName: shortName, placeholder: placeholder,
      occurrences: (isRequired ? 1 : 0)...1,
      commands: commands, help: help, expected: type.expected, limits: type.limits,
      names: type.names, defaultText: nil
    ) { text, values in
      values[keyPath: field] = type.read(text)
      return values[keyPath: field] != nil
    }
  }

  /// Declares an option that comes `least` times or more.
  init<Value>(
    _ name: String, _ shortName: Character?, _ placeholder: String, _ type: ValueType<Value>,
    _ field: Field<[Value]>, least: Int, for commands: [Command], _ help: String
  ) {
    self.init(
      name: name, shortName: shortName, placeholder: placeholder, occurrences: least...Int.max,
      commands: commands, help: help, expected: type.expected, limits: type.limits,
      names: type.names, defaultText: nil
    ) { text, values in
      guard let value = type.read(text) else { return false }
      values[keyPath: field].append(value)
      return true
    }
  }

  /// Declares a flag, which sets its field to `state`.
  init(
    flag name: String, _ shortName: Character?, _ field: Field<Bool>, sets state: Bool = true,
    for commands: [Command], _ help: String
  ) {
    self.init(
      name: name, shortName: shortName, placeholder: nil, occurrences: 0...1,
      commands: commands, help: help, expected: "", limits: nil, names: [], defaultText: nil
    ) { _, values in
      values[keyPath: field] = state
      return true
    }
  }

  private init(
    name: String, shortName: Character?, placeholder: String?, occurrences: ClosedRange<Int>,
    commands: [Command], help: String, expected: String, limits: String?, names: [String],
    defaultText: String?,
    store: @escaping @Sendable (String, inout OptionValues) -> Bool
  ) {
    self.name = name
    self.shortName = shortName
    self.placeholder = placeholder
    self.occurrences = occurrences
    self.commands = commands
    self.help = help
    self.expected = expected
    self.limits = limits
    self.names = names
    self.defaultText = defaultText
    self.store = store
  }
}
