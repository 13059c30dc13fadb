import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct PrintableTextTests {
  @Test(
    "What could steer a terminal is spelled out; all else stays",
    arguments: [
      ("plain, ünicode, 日本, שלום, 🚌\u{200D}🚌", "plain, ünicode, 日本, שלום, 🚌\u{200D}🚌"),
      ("two\nlines\tand", "two\nlines\tand"),
      ("\u{1B}[2J\u{7}", "\\u{1B}[2J\\u{7}"),
      ("\u{9B}31m \u{7F} \u{0}", "\\u{9B}31m \\u{7F} \\u{0}"),
      ("over\r\n", "over\\u{D}\n"),
      ("\u{202E}gpj.exe\u{2066}\u{2028}", "\\u{202E}gpj.exe\\u{2066}\\u{2028}"),
    ])
  func printable(text: String, expected: String) {
    #expect(text.printable == expected)
    let inLine = expected.replacing("\n", with: "\\u{A}").replacing("\t", with: "\\u{9}")
    #expect(text.printableInLine == inLine)
  }

  @Test("JSON says the same without such characters")
  func json() throws {
    let texts = (0...0x9F).map { String(UnicodeScalar(UInt8($0))) } + ["\u{202E}\u{2029}é\""]
    let line = try JSON.line(texts)
    #expect(line.dropLast().unicodeScalars.filter(\.steersTerminals).isEmpty)
    #expect(line.printable == line)
    #expect(try JSONDecoder().decode([String].self, from: Data(line.utf8)) == texts)
  }

  @Test("No text gets to an output as it is, styled or not")
  func output() throws {
    let pipe = Pipe()
    let output = TextOutput(
      descriptor: pipe.fileHandleForWriting.fileDescriptor, environment: [:])
    try output.write("\u{1B}[1m answer\n", .bold)
    Terminal(output: output, error: output).report("no file '\u{1B}c'")
    Terminal(output: output, error: output, names: ["/proc/self/fd/9": "n\u{FFFD}"])
      .report("no file '/proc/self/fd/9'")
    try pipe.fileHandleForWriting.close()
    let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        \\u{1B}[1m answer
        flexvlm: no file '\\u{1B}c'
        flexvlm: no file 'n\u{FFFD}'

        """)
  }
}
