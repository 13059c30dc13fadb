import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

/// `eval`, `metric` and `merge` on the shipped model and examples.
@Suite struct EvaluationCommandTests {
  private static let examples = CommandTests.weights.appending(path: "examples").path

  /// Questions about three of the example pages, and about one that is not there.
  private func writeQuestions(_ folder: URL) throws -> String {
    let lines = [
      ("receipt.png", CommandTests.total, CommandTests.answers[CommandTests.total]!),
      ("gone.png", "what is this?", "nothing"),
      ("shapes.png", "what color is the heart?", "not this"),
      ("receipt.png", "what is the price of the soup?", "$0.01"),
    ]
    let text = lines.enumerated().map { index, line in
      """
      {"question_id": "q\(index)", "image": "\(line.0)", "text": "\(line.1)", \
      "answers": ["\(line.2)"], "category": "\(line.0)"}
      """
    }.joined(separator: "\n")
    let file = folder.appending(path: "questions.jsonl")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func eval(_ questions: String, _ output: String, _ more: String...) async throws
    -> Outcome
  {
    try await Outcome(
      running: [
        "eval", "jsonl", "-a", questions, "--images", Self.examples, "--output", output,
        "--model", CommandTests.model,
      ] + more)
  }

  @Test("A benchmark is run, scored, resumed, divided, merged, compared and reported")
  func wholeWay() async throws {
    try await withTemporaryFolder { folder in
      let questions = try writeQuestions(folder)
      func path(_ name: String) -> String { folder.appending(path: name).path }
      func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
      }
      let whole = try await eval(questions, path("a.jsonl"), "--report", path("a.html"))
      #expect(whole.code == .ok)
      let reason = "no image file at '\(Self.examples)/gone.png'; check the path"
      #expect(whole.error.contains("\nquestion 1: \(reason)\n"))
      #expect(whole.error.contains("4 of 4 (100 %), "))
      #expect(whole.error.contains(", score 25.00, 1 failed\n"))
      let lines = whole.output.split(separator: "\n")
      #expect(
        lines[0] == "jsonl, questions as they stand, lines of reference OCR tokens left out")
      #expect(lines[1] == "flexvlm-mini; policy flex; 3 of 4 questions answered, 1 failed")
      #expect(lines[2] == "First failure: \(reason).")
      #expect(lines[4].hasPrefix("overall") && lines[4].contains(" 25.00    4.56 to 69.94 "))
      #expect(try text("a.html").contains("<td>25.00</td>"))
      #expect(try text("a.html").contains("1 failed (\(reason))"))

      let first = try text("a.jsonl").split(separator: "\n")[0]
      let answer = CommandTests.answers[CommandTests.total]!
      #expect(
        first.contains(
          #""prompt":"\#(CommandTests.total)","question_id":"q0","text":"\#(answer)"}"#))

      let again = try await eval(questions, path("a.jsonl"))
      #expect(again.code == .cannotCreate && again.error.contains("'--resume'"))
      let resumed = try await eval(questions, path("a.jsonl"), "--resume")
      #expect(resumed.code == .ok && resumed.output == whole.output)
      let other = try await eval(questions, path("a.jsonl"), "--resume", "--policy", "none")
      #expect(other.code == .dataError && other.error.contains("policy: flex -> none"))

      // The second has nothing but the question about the missing image, the third no question.
      for (shard, code) in [(1, ExitCode.ok), (2, .noInput), (3, .ok)] {
        let part = try await eval(questions, path("s.jsonl"), "--shard", "\(shard)/3")
        #expect(part.code == code)
        #expect(part.error.contains("No question has an answer") == (code == .noInput))
      }
      // As "s.*" names them, with what lies beside them.
      let shards = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasPrefix("s.") }.map(path)
      #expect(shards.count == 9)
      let merged = try await Outcome(running: ["merge"] + shards + ["--output", path("m.jsonl")])
      #expect(
        merged == Outcome(code: .ok, output: "4 answers of 3 shards -> \(path("m.jsonl"))\n"))
      #expect(try text("m.jsonl") == text("a.jsonl"))

      let metric = try await Outcome(
        running: [
          "metric", "jsonl", "-a", questions, "--answers", path("a.jsonl"), "--compare",
          path("m.jsonl"),
        ])
      #expect(metric.code == .ok)
      #expect(metric.output.contains("on 4 questions: 0.00 (95 % interval 0.00 to 0.00, paired"))
      #expect(metric.output.contains("0 questions better, 0 worse, p = 1.0000 (exact sign test)"))
      let json = try await Outcome(
        running: ["metric", "jsonl", "-a", questions, "--answers", path("a.jsonl"), "--json"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as! [String: Any]
      let score = object["score"] as! [String: Any]
      #expect(score["failed"] as? Int == 1)
      #expect((score["rows"] as! [[String: Any]])[0]["mean"] as? Double == 0.25)
    }
  }

  @Test("--strict stops at a missing image with its path; --limit keeps clear of it")
  func strict() async throws {
    try await withTemporaryFolder { folder in
      let questions = try writeQuestions(folder)
      let output = folder.appending(path: "a.jsonl").path
      let strict = try await eval(questions, output, "--strict")
      #expect(strict.code == .dataError)
      #expect(strict.error.contains("question 1 has no answer: no image file at '"))
      let limited = try await eval(questions, output + "l", "--strict", "--limit", "1")
      #expect(limited.code == .ok)
    }
  }

  @Test("Files that do not fit are errors with the right code")
  func faults() async throws {
    try await withTemporaryFolder { folder in
      let questions = try writeQuestions(folder)
      let missing = try await Outcome(
        running: ["metric", "textvqa", "-a", "/nowhere.json", "--answers", questions])
      #expect(missing.code == .noInput)
      #expect(missing.error == "flexvlm: cannot read '/nowhere.json': there is no such file\n")
      let wrong = try await Outcome(
        running: ["metric", "textvqa", "-a", questions, "--answers", questions])
      #expect(wrong.code == .dataError)
    }
  }

  @Test(
    "Shards come from the option, else from a job array or MPI",
    arguments: [
      ("2/3", ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "9"], "2/3"),
      ("2/3", ["SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "1"], "2/3"),
      (nil, [:], "1/1"),
      (nil, ["SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "4"], "4/4"),
      (
        nil,
        [
          "SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "0",
        ], "1/4"
      ),
      (
        nil,
        [
          "SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1",
          "SLURM_ARRAY_TASK_MAX": "5", "SLURM_ARRAY_TASK_STEP": "2",
        ], "3/3"
      ),
      // Elements that are submitted again: one, a range, a list.
      (nil, ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "1"], nil),
      (
        nil,
        [
          "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_ARRAY_TASK_MIN": "2",
          "SLURM_ARRAY_TASK_MAX": "2",
        ], nil
      ),
      (
        nil,
        [
          "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3",
          "SLURM_ARRAY_TASK_MAX": "4",
        ], nil
      ),
      (
        nil,
        [
          "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "1",
          "SLURM_ARRAY_TASK_MAX": "5",
        ], nil
      ),
      (
        nil,
        ["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3"],
        nil
      ),
      (nil, ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2"], "1/2"),
      (nil, ["PMI_RANK": "5", "PMI_SIZE": "6"], "6/6"),
    ] as [(String?, [String: String], String?)])
  func shards(option: String?, environment: [String: String], expected: String?) throws {
    let arguments = ["eval", "vstar", "-a", "v", "--output", "o"]
    let request = try CommandLineReader.read(arguments + (option.map { ["--shard", $0] } ?? []))
    guard case .eval(let request) = request else { return }
    let shard = try? request.evaluation.shard(environment: environment)
    #expect(shard?.description == expected)
  }

  @Test(
    "A shard's file has its number in the name",
    arguments: [
      ("a.jsonl", "a.2-of-8.jsonl"), ("x.y/a", "x.y/a.2-of-8"), ("a.b.c", "a.b.2-of-8.c"),
      ("/d/.hidden", "/d/.hidden.2-of-8"),
    ] as [(String, String)])
  func shardPaths(path: String, expected: String) throws {
    #expect(EvalCommand.shardPath(path, try #require(Shard(number: 2, count: 8))) == expected)
    #expect(EvalCommand.shardPath(path, .whole) == path)
  }

  @Test("The progress line tells count, rate, time left, score and faults")
  func progress() {
    let progress = EvaluationProgress(
      total: 5000,
      terminal: Terminal(
        output: TextOutput(descriptor: -1, environment: [:]),
        error: TextOutput(descriptor: -1, environment: [:])))
    #expect(
      progress.line(done: 312, fresh: 100, failed: 2, score: 0.4821, seconds: 50)
        == "312 of 5000 (6 %), 2.00 a second, 39 min left, score 48.21, 2 failed")
    #expect(
      progress.line(done: 0, fresh: 0, failed: 0, score: nil, seconds: 0) == "0 of 5000 (0 %)")
    #expect(
      progress.line(done: 5000, fresh: 5000, failed: 0, score: 1, seconds: 100)
        == "5000 of 5000 (100 %), 50 a second, score 100.00")
  }
}
