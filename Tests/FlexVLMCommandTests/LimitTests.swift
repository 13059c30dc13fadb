import Foundation
import Testing

/// The program under limits of the system: what it does not get is an error, and no crash.
@Suite struct LimitTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../FlexVLMTests/Fixtures").standardized
  private static let tiny = fixtures.appending(path: "parity/tiny-c")
  /// Built beside the tests.
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "flexvlm")

  private struct Run {
    let code: Int32
    let output: String
    let error: String
  }

  /// Runs `flexvlm` after a shell's `ulimit`.
  private func run(limit: String, _ arguments: String...) throws -> Run {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", "ulimit \(limit); exec \"$@\"", "sh", Self.program.path] + arguments
    let (output, error) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, error)
    try process.run()
    func text(_ pipe: Pipe) throws -> String {
      String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
    let texts = (try text(output), try text(error))
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "\(texts.1)")
    return Run(code: process.terminationStatus, output: texts.0, error: texts.1)
  }

  private func ask(limit: String, model: URL, image: URL) throws -> Run {
    try run(limit: limit, "ask", image.path, "What?", "-m", model.path, "--threads", "1")
  }

  @Test("Memory that the system does not give is an error that names the size")
  func memory() async throws {
    // A picture of 256 Mi pixels, of which the file holds none.
    var picture = try Data(contentsOf: Self.fixtures.appending(path: "images/rgb-8.tif"))
    for entry in [10, 22] { picture.replaceSubrange(entry + 8..<entry + 12, with: [0, 64, 0, 0]) }
    // Keys and values of a million positions.
    var model = try Data(contentsOf: Self.tiny.appending(path: "model.gguf"))
    let key = try #require(model.range(of: Data("flexvlm.context_length".utf8)))
    model.replaceSubrange(key.upperBound + 4..<key.upperBound + 8, with: [0, 0, 16, 0])
    try await withTemporaryFolder { [picture, model] folder in
      let (large, greedy) = (folder.appending(path: "a.tif"), folder.appending(path: "m.gguf"))
      try picture.write(to: large)
      try model.write(to: greedy)
      let limit = "-v 1500000"
      let image = Self.tiny.appending(path: "image.png")
      let sound = Self.tiny.appending(path: "model.gguf")

      let first = try ask(limit: limit, model: sound, image: large)
      #expect(first.code == 69)
      #expect(first.error.contains("needs 1536 MiB of memory, more than the system gives"))
      let second = try ask(limit: limit, model: greedy, image: image)
      #expect(second.code == 69)
      #expect(second.error.contains(" MiB of memory, more than the system gives"))
      let third = try ask(limit: limit, model: sound, image: image)
      #expect(third.code == 0)
    }
  }

  @Test("Too few file descriptors are named", arguments: 4...12)
  func descriptors(count: Int) throws {
    let run = try ask(
      limit: "-n \(count)", model: Self.tiny.appending(path: "model.gguf"),
      image: Self.tiny.appending(path: "image.png"))
    #expect(run.code == 0 || run.error.contains("Too many open files"), "\(run.error)")
  }

  @Test("A mapped file that ends while it is read ends the program with a message")
  func cutFile() throws {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = [
      "explore", Self.tiny.appending(path: "image.png").path, "-m",
      Self.tiny.appending(path: "model.gguf").path, "--threads", "1", "--max-tokens", "1",
    ]
    let (input, output, error) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    (process.standardOutput, process.standardError) = (output, error)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("What?\n".utf8))
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    // What reading beyond the end raises; to time a real cut would be luck.
    kill(process.processIdentifier, SIGBUS)
    process.waitUntilExit()
    let text = String(
      decoding: try error.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationReason == .exit && process.terminationStatus == 74)
    #expect(text.contains("was cut short"))
  }

  @Test("A chunk that claims 2 GB takes no memory")
  func longTextChunk() throws {
    let run = try ask(
      limit: "-v 1500000", model: Self.tiny.appending(path: "model.gguf"),
      image: Self.fixtures.appending(path: "hostile/png-text-chunk-claims-2GB.png"))
    #expect(run.code == 65)
    #expect(run.error.contains("the file ends early"))
  }

  @Test("A strip of 65,500 pixels is answered in little memory")
  func strip() throws {
    let run = try ask(
      limit: "-v 1500000", model: Self.tiny.appending(path: "model.gguf"),
      image: Self.fixtures.appending(path: "hostile/65500x1.png"))
    #expect(run.code == 0, "\(run.error)")
  }
}
