import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct HelpSnapshotTests {
  static let pages: [Command?] = [nil] + Command.allCases.map { $0 }

  @Test("Help reads as in Snapshots/", arguments: pages)
  func help(_ command: Command?) throws {
    let name = command.map { "help-\($0.rawValue)" } ?? "help"
    let file = try #require(
      Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Snapshots"))
    let snapshot = try String(contentsOf: file, encoding: .utf8)
    #expect(
      HelpText().text(for: command) == snapshot,
      "if the change is meant: flexvlm help \(command?.rawValue ?? "") > that file")
  }

  @Test("Help mentions every option of a command and the default it has", arguments: pages)
  func mentionsOptions(_ command: Command?) throws {
    guard let command else { return }
    let text = HelpText().text(for: command)
    // As one line, for a wrapped line may part the words.
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for option in Option.table {
      #expect(words.contains(" \(option.syntax) ") == option.commands.contains(command))
      if option.commands.contains(command), let text = option.defaultText {
        #expect(words.contains("default: \(text))"))
      }
    }
  }

  @Test("Lines of help keep within the width", arguments: pages, [50, 80])
  func width(_ command: Command?, columns: Int) {
    let lines = HelpText(width: columns).text(for: command).split(separator: "\n")
    // Usage and examples are single lines, to be copied whole; they must fit 80 columns.
    let wrapped = lines.filter { columns == 80 || !$0.contains("flexvlm ") }
    #expect(wrapped.allSatisfy { $0.count <= columns })
  }

  @Test("Headings take the style given")
  func headings() {
    let text = HelpText(heading: { "<\($0)>" }).text(for: .inspect)
    #expect(text.contains("\n<Arguments:>\n") && text.contains("\n<Options:>\n"))
  }

  @Test("The examples in help are valid command lines", arguments: Command.allCases)
  func examples(_ command: Command) throws {
    for example in command.syntax.examples {
      let parts = example.split(separator: "\"", omittingEmptySubsequences: false)
      let words = parts.enumerated().flatMap { index, part in
        index.isMultiple(of: 2) ? part.split(separator: " ") : [part]
      }.map { String($0) }
      #expect(words.first == "flexvlm")
      #expect(throws: Never.self) { try CommandLineReader.read(Array(words.dropFirst())) }
    }
  }
}
