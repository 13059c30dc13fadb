import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct TerminalPictureTests {
  @Test(
    "The protocol follows from the environment",
    arguments: [
      (["TERM": "xterm-kitty"], .kitty),
      (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
      (["TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"], .kitty),
      (["TERM_PROGRAM": "iTerm.app"], .iTerm2),
      (["TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"], .iTerm2),
      (["TERM_PROGRAM": "WezTerm"], .iTerm2),
      (["TERM": "foot"], .sixel),
      (["TERM": "mlterm-256color"], .sixel),
      (["TERM": "xterm-sixel"], .sixel),
      (["TERM": "xterm-256color"], nil),
      (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], nil),
      ([:], nil),
    ] as [([String: String], TerminalPicture?)])
  func detection(environment: [String: String], expected: TerminalPicture?) {
    #expect(TerminalPicture(environment: environment) == expected)
  }

  static let picture = RGBImage(
    width: 80, height: 50, pixels: (0..<80 * 50 * 3).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
  )

  @Test("Kitty: chunks of at most 4096 characters that join to the PNG")
  func kitty() throws {
    let text = try #require(TerminalPicture.kitty.text(Self.picture))
    let chunks = text.dropLast().split(separator: "\u{1B}\\").map { String($0) }
    #expect(chunks.count > 1)
    #expect(chunks[0].hasPrefix("\u{1B}_Gf=100,a=T,m=1;"))
    #expect(chunks.last!.hasPrefix("\u{1B}_Gm=0;"))
    let payloads = chunks.map { $0.split(separator: ";", maxSplits: 1)[1] }
    #expect(payloads.allSatisfy { $0.count <= 4096 })
    #expect(Data(base64Encoded: payloads.joined()) == Self.picture.encodedPNG().map { Data($0) })
  }

  @Test("iTerm2: one sequence with the PNG's size")
  func iTerm2() throws {
    let text = try #require(TerminalPicture.iTerm2.text(Self.picture))
    let size = try #require(Self.picture.encodedPNG()).count
    #expect(text.hasPrefix("\u{1B}]1337;File=inline=1;size=\(size);width=auto:"))
    #expect(text.hasSuffix("\u{07}\n"))
  }

  @Test("Sixel: colours in percent, six rows a band, runs counted")
  func sixel() {
    let picture = RGBImage(
      width: 5, height: 7,
      pixels: (0..<35).flatMap { $0 < 30 ? [255, 0, 0] : [0, 0, 51] as [UInt8] })
    #expect(
      Sixel.encode(picture)
        == "\u{1B}Pq\"1;1;5;7#1;2;0;0;20#180;2;100;0;0#180!5~$-#1!5@$-\u{1B}\\")
  }

  @Test("Showing without a terminal, or in one without pictures, is refused at once")
  func refusal() {
    let terminal = Terminal(
      output: TextOutput(descriptor: Pipe().fileHandleForWriting.fileDescriptor, environment: [:]),
      error: TextOutput(descriptor: 2, environment: [:]))
    let error = #expect(throws: CommandError.self) {
      try HeatmapOutput(
        HeatmapSettings(isShown: true), count: 1, terminal: terminal,
        environment: ["TERM": "xterm-kitty"])
    }
    #expect(error?.code == .unavailable)
  }

  @Test(
    "Several answers number their files",
    arguments: [
      ("map.png", "map-2.png"), ("a.b/map", "a.b/map-2"), ("x/.png", "x/.png-2"),
      ("map.tar.png", "map.tar-2.png"),
    ])
  func names(file: String, expected: String) {
    #expect(HeatmapOutput.name(file, 2) == expected)
    #expect(HeatmapOutput.name(file, nil) == file)
  }
}
