import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct ExploreTests {
  @Test(
    "A line is a question or a command",
    arguments: [
      ("what is this?", .question("what is this?")),
      ("no colon: at the start", .question("no colon: at the start")),
      (":heatmap", .heatmap(nil)),
      (":heatmap my map.png", .heatmap("my map.png")),
      (":layers", .layers(nil)),
      (":layers l.png", .layers("l.png")),
      (":policy", .policy(nil, budget: nil)),
      (":policy prumerge+", .policy(.pruMergePlus, budget: nil)),
      (":policy  tidal  0.05", .policy(.tidal, budget: 0.05)),
      (":time", .time), (":help", .help), ("/help", .help),
      ("/policy all", .policy(.all, budget: nil)),
      (":quit", .quit), ("/quit", .quit), ("exit", .quit), ("EXIT", .quit), ("quit", .quit),
      (":exit", .quit), ("/exit", .quit), (":q", .quit),
      ("exit where?", .question("exit where?")), ("/etc/hosts?", .question("/etc/hosts?")),
    ] as [(String, ExploreInput)])
  func reads(line: String, expected: ExploreInput) throws {
    #expect(try ExploreInput(line) == expected)
  }

  @Test(
    "A faulty command is refused in these words",
    arguments: [
      (":polcy flex", "Unknown command ':polcy'. Did you mean ':policy'?"),
      (":", "Unknown command ':'. See ':help'."),
      ("/quti", "Unknown command '/quti'. Did you mean '/quit'?"),
      (":time now", "':time' takes nothing more, not 'now'."),
      ("b.png", "'b.png' is a file, not a question; leave and explore that one."),
      (
        ":policy center",
        """
        ':policy' takes 'flex', 'flex-fixed', 'tidal', 'hired', 'prumerge', 'prumerge+', \
        'random', 'centre', 'none' or 'all', not 'center'. Did you mean 'centre'?
        """
      ),
      (":policy flex 0.1", "Policy 'flex' has no share to choose."),
      (":policy random 2", "The share is a number from 0 to 1, not '2'."),
      (":policy random 0.1 0.2", "The share is a number from 0 to 1, not '0.1 0.2'."),
    ])
  func refuses(line: String, message: String) throws {
    let error = try #require(throws: CommandError.self) { try ExploreInput(line) }
    #expect(error == CommandError(message, .usage))
  }

  @Test("A conversation: answers, times, layers, pictures, another policy")
  func conversation() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "FlexVLMTests/Fixtures/parity/tiny-a")
    let model = try VisionLanguageModel(
      contentsOfFile: fixtures.appending(path: "model.gguf").path, threads: 1)
    let picture = try RGBImage(contentsOfFile: fixtures.appending(path: "image.png").path)
    let pipe = Pipe()
    let output = TextOutput(
      descriptor: pipe.fileHandleForWriting.fileDescriptor, environment: [:])
    var session = ExploreSession(
      model: model, picture: picture, image: try model.encode(picture),
      options: GenerationOptions(maximumTokens: 2),
      terminal: Terminal(output: output, error: output))
    for early in [ExploreInput.time, .layers(nil), .heatmap("unused.png")] {
      #expect(throws: CommandError("Nothing has been asked yet.", .usage)) {
        try session.perform(early)
      }
    }
    try session.perform(.question("What is it?"))
    try session.perform(.layers(nil))
    try session.perform(.time)
    let file = FileManager.default.temporaryDirectory.appending(path: "explore-heatmap.png").path
    try session.perform(.heatmap(file))
    #expect(try RGBImage(contentsOfFile: file).width > 900)
    try session.perform(.policy(SelectionPolicy.none, budget: nil))
    try session.perform(.question("What is it?"))
    #expect(throws: CommandError.nothingToDraw(.none)) { try session.perform(.heatmap(file)) }

    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let layers = lines.filter { $0.hasPrefix("layer ") }
    #expect(layers.count == 4 && layers.allSatisfy { $0.hasSuffix(" of 81 cells") })
    #expect(lines.contains { $0.hasPrefix("encode ") && $0.contains("prefill") })
  }

  @Test(
    "The history lies where the user's state does",
    arguments: [
      (["XDG_STATE_HOME": "/s", "HOME": "/h"], "/s/flexvlm/history"),
      (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/flexvlm/history"),
      ([:], nil),
    ] as [([String: String], String?)])
  func history(environment: [String: String], path: String?) {
    #expect(LineReader.historyFile(environment) == path)
  }
}
