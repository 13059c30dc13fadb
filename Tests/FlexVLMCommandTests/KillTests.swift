import Foundation
import Testing

/// `kill -9` at random moments, over and over, against one run that is left alone.
///
/// FLEXVLM_KILL_TEST=.build/release/flexvlm swift test --filter KillTests
@Suite(.enabled(if: ProcessInfo.processInfo.environment["FLEXVLM_KILL_TEST"] != nil))
struct KillTests {
  private struct Example: Decodable {
    let image: String
    let question: String
    let truth: String
  }

  private func makeQuestions(_ folder: URL, count: Int) throws -> String {
    let examples = try JSONDecoder().decode(
      [Example].self,
      from: Data(
        contentsOf: CommandTests.weights.appending(path: "examples/questions.json")))
    let lines = try (0..<count).map { index in
      let example = examples[index % examples.count]
      let line: [String: Any] = [
        "question_id": index, "image": example.image, "text": example.question,
        "answers": [example.truth],
      ]
      return String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self)
    }
    let file = folder.appending(path: "questions.jsonl")
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func start(_ questions: String, _ output: String, resumes: Bool) throws -> Process {
    let process = Process()
    process.executableURL = URL(
      filePath: ProcessInfo.processInfo.environment["FLEXVLM_KILL_TEST"]!)
    process.arguments =
      [
        "eval", "jsonl", "-a", questions, "--images",
        CommandTests.weights.appending(path: "examples").path, "--output", output, "--model",
        CommandTests.model, "--workers", "2", "--threads", "2",
      ] + (resumes ? ["--resume"] : [])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test("Twenty kills, ten with a torn line, end in the same file")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      let questions = try makeQuestions(folder, count: 400)
      let (whole, killed) = (
        folder.appending(path: "whole.jsonl"), folder.appending(path: "killed.jsonl")
      )
      let began = ContinuousClock.now
      try start(questions, whole.path, resumes: false).waitUntilExit()
      let duration = ContinuousClock.now - began
      let expected = try Data(contentsOf: whole)
      #expect(expected.count { $0 == UInt8(ascii: "\n") } == 400)

      var sizes: [Int] = []
      for round in 0..<20 {
        let process = try start(questions, killed.path, resumes: true)
        // Long enough to get on, and short enough that most rounds begin before the end.
        try await Task.sleep(for: duration * Double.random(in: 0.02...0.2))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard var data = try? Data(contentsOf: killed) else { continue }
        #expect(expected.starts(with: data), "after kill \(round)")
        sizes.append(data.count)
        // What a power cut leaves, which a kill cannot: part of a line.
        if round.isMultiple(of: 2), data.count < expected.count {
          data.append(
            expected[data.count..<min(data.count + Int.random(in: 1...80), expected.count)])
          try data.write(to: killed)
        }
      }
      #expect(sizes.count > 10 && Set(sizes).count > 5, "the kills came at different places")
      let last = try start(questions, killed.path, resumes: true)
      last.waitUntilExit()
      #expect(last.terminationStatus == 0)
      #expect(try Data(contentsOf: killed) == expected)
    }
  }

  @Test("Ctrl-C finishes the answers in hand, exits 130 and the run goes on later")
  func interrupt() async throws {
    try await withTemporaryFolder { folder in
      let questions = try makeQuestions(folder, count: 400)
      let output = folder.appending(path: "answers.jsonl")
      let process = try start(questions, output.path, resumes: false)
      try await Task.sleep(for: .milliseconds(1500))
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let text = try String(contentsOf: output, encoding: .utf8)
      let count = text.split(separator: "\n").count
      #expect(text.hasSuffix("\n") && count > 0 && count < 400)
    }
  }
}
