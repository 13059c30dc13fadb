import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct CompletionTests {
  @Test(
    "Completions and the manual page read as in Snapshots/",
    arguments: CompletionScript.allCases.map { ["completions", $0.rawValue] } + [["help", "--man"]])
  func snapshot(_ arguments: [String]) async throws {
    let name = arguments.last == "--man" ? "manual" : "completions-\(arguments[1])"
    let file = try #require(
      Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Snapshots"))
    let printed = try await Outcome(running: arguments)
    #expect(
      printed == Outcome(code: .ok, output: try String(contentsOf: file, encoding: .utf8)),
      "if the change is meant: flexvlm \(arguments.joined(separator: " ")) > that file")
  }

  /// A line of words, the last of them to be completed, and some of what bash then offers.
  private static let lines: [(words: [String], offers: [String])] = [
    (["flexvlm", "in"], ["inspect"]),
    (["flexvlm", "ask", "--po"], ["--policy"]),
    (["flexvlm", "ask", "--policy", "flex"], ["flex", "flex-fixed"]),
    (["flexvlm", "ask", "--policy", "=", "ti"], ["tidal"]),
    (["flexvlm", "ask", "--policy", "="], ["flex", "tidal", "none"]),
    (["flexvlm", "eval", "text"], ["textvqa"]),
    (["flexvlm", "quantize", "Q4_K"], ["Q4_K"]),
    (["flexvlm", "help", "me"], ["merge", "metric"]),
    (["flexvlm", "completions", "z"], ["zsh"]),
    (["flexvlm", "ask", "/usr/bi"], ["/usr/bin"]),
    (["flexvlm", "ask", "-m", "/usr/bi"], ["/usr/bin"]),
    (["flexvlm", "ask", "--max-tokens", ""], []),
  ]

  @Test("bash completes command lines", arguments: lines.indices)
  func bash(_ index: Int) throws {
    let (words, offers) = Self.lines[index]
    let array = words.map { "'\($0)'" }.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [
      "--norc", "-c",
      """
      \(CompletionScript.bash.text)
      COMP_WORDS=(\(array)) COMP_CWORD=\(words.count - 1)
      _flexvlm
      printf '%s\\n' "${COMPREPLY[@]}"
      """,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let offered = output.split(separator: "\n").map { String($0) }
    #expect(process.terminationStatus == 0)
    #expect(offers.isEmpty ? offered.isEmpty : Set(offers).isSubset(of: offered))
  }

  @Test("The manual page names every command and every option")
  func manual() {
    let text = ManualPage.text.replacing("\\-", with: "-")
    for command in Command.allCases { #expect(text.contains(".SS \(command.rawValue)\n")) }
    for option in Option.table { #expect(text.contains("\\fB--\(option.name)\\fR")) }
  }
}
