import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct TerminalTests {
  @Test(
    "Styles need a terminal that knows them and a user who wants them",
    arguments: [
      (true, [:], true),
      (false, [:], false),
      (true, ["NO_COLOR": "1"], false),
      (true, ["NO_COLOR": ""], true),
      (true, ["TERM": "dumb"], false),
      (true, ["TERM": "xterm-256color"], true),
    ])
  func usesStyles(isTerminal: Bool, environment: [String: String], expected: Bool) {
    #expect(TextOutput.usesStyles(isTerminal: isTerminal, environment: environment) == expected)
  }

  @Test(
    "Help fits the terminal, between 40 and 80 columns",
    arguments: [(nil, 80), (20, 40), (40, 40), (66, 66), (80, 80), (200, 80)])
  func helpWidth(columns: Int?, expected: Int) {
    #expect(HelpText.width(forColumns: columns) == expected)
  }

  @Test("A file is no terminal: no styles, no columns, all bytes in order")
  func file() throws {
    let pipe = Pipe()
    let output = TextOutput(
      descriptor: pipe.fileHandleForWriting.fileDescriptor, environment: [:])
    #expect(!output.isTerminal)
    #expect(output.columns == nil)
    #expect(output.styled("text", .bold) == "text")
    for piece in ["an", "", " ünicode ", "answer 🙂\n"] { try output.write(piece) }
    try pipe.fileHandleForWriting.close()
    let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
    #expect(String(decoding: bytes, as: UTF8.self) == "an ünicode answer 🙂\n")
  }
}
