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
    #expect(try await Outcome(running: arguments) == Outcome(code: .ok, output: "flexvlm 0.1.0\n"))
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
