import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct ExitCodeTests {
  @Test("Codes are those of sysexits.h")
  func codes() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 64, 65, 66, 69, 70, 73, 74, 130])
  }

  @Test("The version goes to standard output", arguments: [["version"], ["--version"]])
  func version(_ arguments: [String]) async throws {
    #expect(try await Outcome(running: arguments) == Outcome(code: .ok, output: "flexvlm 0.2.0\n"))
  }

  @Test("Help goes to standard output", arguments: [[], ["--help"], ["help"]])
  func help(_ arguments: [String]) async throws {
    let expected = Outcome(code: .ok, output: HelpText().text(for: nil))
    #expect(try await Outcome(running: arguments) == expected)
  }

  @Test("Wrong usage is explained on standard error, with the usage and where to read on")
  func usage() async throws {
    let known = Outcome(
      code: .usage,
      error: """
        flexvlm: Missing QUESTION.
        Usage: flexvlm ask [options] IMAGE QUESTION [QUESTION...]
        See 'flexvlm help ask'.

        """)
    #expect(try await Outcome(running: ["ask", "i.png"]) == known)
    let unknown = Outcome(
      code: .usage,
      error: """
        flexvlm: Unknown command 'scor'. Did you mean 'score'?
        Usage: flexvlm COMMAND [options] [arguments]
        See 'flexvlm help'.

        """)
    #expect(try await Outcome(running: ["scor"]) == unknown)
  }

  @Test("The cost table stands beside the paper's numbers")
  func cost() async throws {
    let outcome = try await Outcome(running: ["cost", "--selected", "0.17"])
    #expect(outcome.code == .ok && outcome.error.isEmpty)
    let rows = outcome.output.split(separator: "\n").map { line in
      line.split(whereSeparator: \.isWhitespace).map { String($0) }
    }
    let header = ["TFLOP", "vision", "prompt", "high", "k,", "v", "answer", "total", "paper"]
    #expect(rows.contains(header + ["GB", "moved"]))
    #expect(rows.contains(["LLaVA-HD", "1.17", "23.4", "–", "0.028", "24.6", "24.9", "46.2"]))
    #expect(
      rows.contains(["Cross-attention", "4.06", "8.67", "14.3", "0.027", "27.0", "27.1", "77.6"]))
  }

  @Test("Output that nobody reads ends the program in silence; a full disk does not")
  func failedWrites() async throws {
    let closed = Pipe()
    try closed.fileHandleForReading.close()
    signal(SIGPIPE, SIG_IGN)
    let output = TextOutput(
      descriptor: closed.fileHandleForWriting.fileDescriptor, environment: [:])
    #expect(throws: CommandError.closedPipe) { try output.write("answer") }
    #expect(CommandError.closedPipe.code == .ok)
    #expect(CommandError.closedPipe.message == nil)

    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let disk = TextOutput(descriptor: full.fileDescriptor, environment: [:])
    #expect(
      throws: CommandError("Cannot write the output: No space left on device.", .ioError)
    ) {
      try disk.write("answer")
    }
  }
}
