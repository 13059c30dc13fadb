import Foundation
import Testing

@testable import FlexVLMCommand

/// Data sets as people have them, run and scored by the command with a small random model: what it
/// answers does not matter, only that every answer is scored as the answer to its question.
@Suite struct DataSetTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../FlexVLMTests/Fixtures").standardized
  private static let model = fixtures.appending(path: "parity/tiny-c/model.gguf").path
  private static let images = fixtures.appending(path: "parity/preproc").path

  /// A folder of inputs and outputs.
  private struct Work {
    let folder: URL

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path(name), encoding: .utf8)
    }

    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
      return file.path
    }

    func copyImage(_ original: String, to name: String) throws {
      try write("", name)
      try FileManager.default.removeItem(atPath: path(name))
      try FileManager.default.copyItem(
        atPath: "\(DataSetTests.images)/\(original)", toPath: path(name))
    }

    func records(_ name: String) throws -> [[String: Any]] {
      try text(name).split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
      }
    }

    func eval(_ benchmark: String, _ arguments: String..., output: String) async throws -> Outcome {
      try await Outcome(
        running: ["eval", benchmark, "--output", path(output), "--model", DataSetTests.model]
          + ["--max-tokens", "2", "--threads", "1"] + arguments)
    }
  }

  private func withWork(_ body: (Work) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(Work(folder: $0)) }
  }

  @Test(
    "Questions with line feeds, and one asked twice, are scored by 'eval', 'metric' and '--resume'")
  func lineFeeds() async throws {
    try await withWork { work in
      func write(_ answers: [String]) throws -> String {
        let items = zip([#"what is\nthe total?"#, "what?", "what?", #"why?\n"#], answers).map {
          #"{"question": "\#($0)", "image_id": "7x5", "answers": \#($1)}"#
        }
        return try work.write(#"{"data": [\#(items.joined(separator: ","))]}"#, "val.json")
      }
      let unscored = try write(["[]", "[]", "[]", "[]"])
      let run = try await work.eval(
        "textvqa", "-a", unscored, "--images", Self.images, output: "a.jsonl")
      #expect(run.code == .ok && run.output.contains("4 of 4 questions answered"))
      #expect(run.output.contains("The data set holds no truths: nothing to score."))
      let again = try await work.eval(
        "textvqa", "-a", unscored, "--images", Self.images, "--resume", output: "a.jsonl")
      #expect(again.code == .ok && again.output == run.output)

      // Of two equal questions one is answered rightly.
      var answers = try work.records("a.jsonl").map { [$0["text"] as! String] }
      answers[2] = ["another answer"]
      let truths = try answers.map {
        String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
      }
      let metric = try await Outcome(
        running: ["metric", "textvqa", "-a", write(truths), "--answers", work.path("a.jsonl")])
      #expect(metric.code == .ok && metric.output.contains("4 of 4 questions answered"))
      #expect(metric.output.contains(" 75.00 "))
    }
  }

  @Test("A folder of images that is not there ends a run before it begins")
  func wrongFolder() async throws {
    try await withWork { work in
      let questions = try work.write(
        #"{"question_id": 1, "image": "7x5.png", "text": "q?", "answer": "a"}"#, "q.jsonl")
      for (images, reason) in [
        (work.path("gone"), "there is no such folder"), (questions, "it is not a folder"),
      ] {
        let run = try await work.eval(
          "jsonl", "-a", questions, "--images", images, output: "a.jsonl")
        #expect(
          run
            == Outcome(code: .noInput, error: "flexvlm: cannot read '\(images)': \(reason)\n"))
        #expect(!FileManager.default.fileExists(atPath: work.path("a.jsonl")))
      }
    }
  }

  @Test(
    "Missing images are counted and named, score nothing, and do not end well if all are missing")
  func missingImages() async throws {
    try await withWork { work in
      try work.copyImage("7x5.png", to: "images/there.PNG")
      func run(_ ids: [String], _ output: String, _ more: String...) async throws -> Outcome {
        let items = ids.map {
          #"{"question": "q?", "image_id": "\#($0)", "answers": ["a", "the", ""]}"#
        }
        let file = try work.write(#"{"data": [\#(items.joined(separator: ","))]}"#, "val.json")
        return try await work.eval(
          "textvqa", "-a", file, "--images", work.path("images"), more.first ?? "--strict",
          output: output)
      }
      let reason = "no image file at '\(work.path("images"))/gone.jpg'; check the path"
      let some = try await run(["gone", "there", "also"], "some.jsonl", "--no-exif")
      #expect(some.code == .ok)
      #expect(
        some.output.contains("1 of 3 questions answered, 2 failed\nFirst failure: \(reason).\n"))
      #expect(some.error.contains("\nquestion 0: \(reason)\n") && some.error.contains("2 failed"))
      let none = try await run(["gone", "also"], "none.jsonl", "--no-exif")
      #expect(none.code == .noInput && none.output.contains(" 0.00 "))
      #expect(none.error.hasSuffix("the first because of this: \(reason).\n"))
      let resumed = try await run(["gone", "also"], "none.jsonl", "--resume")
      #expect(resumed.code == .dataError)
      let json = try await run(["gone"], "json.jsonl", "--json")
      #expect(json.code == .noInput && json.output.contains(#""first_failure":"no image file"#))
      for outcome in [some, none, json] {
        #expect(!(outcome.output + outcome.error).contains("unanswerable"))
      }
    }
  }

  @Test("POPE's answers have LLaVA's ids, and those to LLaVA's question file are scored as POPE")
  func pope() async throws {
    try await withWork { work in
      let questions = ["random": ["cat", "car"], "adversarial": ["cat", "dog"]]
      var annotations: [String] = []
      var lines: [String] = []
      for (category, offset) in [("adversarial", 0), ("random", 10_000_000)] {
        let items = questions[category]!.enumerated().map { index, name in
          #"{"question_id": \#(index + 1), "image": "7x5.png", "text": "Is there a \#(name)?", "#
            + #""label": "\#(index == 0 ? "Yes" : "NO")"}"#
        }
        annotations += [
          "-a", try work.write(items.joined(separator: "\n"), "coco_pope_\(category).json"),
        ]
        lines += questions[category]!.enumerated().map { index, name in
          #"{"question_id": \#(offset + index + 1), "image": "7x5.png", "category": "\#(category)", "#
            + #""text": "Is there a \#(name)?\nAnswer the question using a single word or phrase."}"#
        }
      }
      annotations.swapAt(1, 3)
      let run = try await Outcome(
        running: ["eval", "pope", "--images", Self.images, "--output", work.path("p.jsonl")]
          + ["--model", Self.model, "--max-tokens", "2"] + annotations)
      #expect(run.code == .ok)
      let ids = try work.records("p.jsonl").map { $0["question_id"] as! Int }
      #expect(ids == [10_000_001, 10_000_002, 1, 2])

      let file = try work.write(lines.joined(separator: "\n"), "llava_pope_test.jsonl")
      _ = try await work.eval("jsonl", "-a", file, "--images", Self.images, output: "l.jsonl")
      for answers in ["p.jsonl", "l.jsonl"] {
        let metric = try await Outcome(
          running: ["metric", "pope", "--answers", work.path(answers)] + annotations)
        // The model says neither "no" nor "not", which counts as yes.
        #expect(metric.code == .ok && metric.output.contains("4 of 4 questions answered"))
        #expect(metric.output.ranges(of: " 50.00 ").count == 3)
        #expect(metric.output.contains("F1 0.667  precision 0.500  recall 1.000  yes ratio 1.000"))
      }
      try work.write(
        work.text("coco_pope_random.json").replacing("NO", with: "perhaps"),
        "coco_pope_random.json")
      let refused = try await Outcome(
        running: ["metric", "pope", "--answers", work.path("p.jsonl")] + annotations)
      #expect(refused.code == .dataError && refused.error.contains("label: expected yes or no"))
    }
  }

  @Test(
    "V*Bench: what macOS adds is passed over, options may name the image's place, letters are scored"
  )
  func vStar() async throws {
    try await withWork { work in
      let item = #"{"question": "<image>\nwhich?", "options": ["<image>", "b", "red <image> car"]}"#
      for name in ["sa_0", "sa_1"] {
        try work.write(item, "vs/direct_attributes/\(name).json")
        try work.write("\u{0}\u{5}\u{16}\u{7}", "vs/direct_attributes/._\(name).json")
        try work.write("\u{0}\u{5}\u{16}\u{7}", "vs/__MACOSX/direct_attributes/._\(name).json")
        try work.copyImage("7x5.png", to: "vs/direct_attributes/\(name).JPeG")
      }
      for scoring in ["flex", "official"] {
        let run = try await work.eval(
          "vstar", "-a", work.path("vs"), "--option-scoring", scoring, output: "\(scoring).jsonl")
        #expect(run.code == .ok && run.output.contains("2 of 2 questions answered"))
        let records = try work.records("\(scoring).jsonl")
        #expect(records.allSatisfy { ($0["metadata"] as! [String: Any])["losses"] != nil })
        #expect((records[0]["prompt"] as! String).hasPrefix("which?"))
      }
      let lines = ["sa_0", "sa_1"].map { name in
        #"{"image": "direct_attributes/\#(name).jpg", "text": "Which?\n(A) x\n(B) y", "#
          + #""category": "direct_attributes", "label": "B", "question_id": "\#(name)"}"#
      }
      let file = try work.write(lines.joined(separator: "\n"), "vs/test_questions.jsonl")
      let run = try await work.eval("vstar", "-a", file, output: "hf.jsonl")
      #expect(run.code == .ok && run.output.contains("direct_attributes"))
      let records = try work.text("hf.jsonl").replacing(
        try Regex(#""text":"[^\n]*"\}"#), with: #""text":"(B) y"}"#)
      try work.write(records, "right.jsonl")
      for benchmark in ["vstar", "jsonl"] {
        let metric = try await Outcome(
          running: ["metric", benchmark, "-a", file, "--answers", work.path("right.jsonl")])
        #expect(metric.output.contains("overall") && metric.output.contains("100.00"))
      }
    }
  }

  @Test("Folders of magnifier and rsvqa need no images named, their files do")
  func folders() async throws {
    try await withWork { work in
      for name in ["magnifier_instructions.json", "magnifier_images.json"] {
        try work.write(
          try String(
            contentsOf: Self.fixtures.appending(path: "benchmarks/\(name)"), encoding: .utf8),
          "bench/\(name)")
      }
      let run = try await work.eval("magnifier", "-a", work.path("bench"), output: "a.jsonl")
      #expect(run.code == .ok && run.output.contains("2 of 2 questions answered"))
      let refused = try await work.eval(
        "magnifier", "-a", work.path("bench/magnifier_instructions.json"), output: "b.jsonl")
      #expect(refused.code == .usage && refused.error.contains("'--images <path>' is needed."))
      let empty = try await work.eval("rsvqa", "-a", work.path("bench"), output: "b.jsonl")
      #expect(empty.code == .dataError && empty.error.contains("must have the questions.json"))
    }
  }

  @Test("The example of 'help merge' runs, and a shard without questions says so")
  func shards() async throws {
    try await withWork { work in
      let mark = "\u{FEFF}"
      let questions = try work.write(
        mark
          + #"{"question_id": 1, "image": "7x5.png", "text": "\#(mark)<image>\nq?", "answer": "a"}"#,
        "q.jsonl")
      var parts: [Outcome] = []
      for shard in 1...2 {
        parts.append(
          try await work.eval(
            "jsonl", "-a", questions, "--images", Self.images, "--shard", "\(shard)/2",
            output: "a.jsonl"))
      }
      #expect(parts.map(\.code) == [.ok, .ok])
      #expect(parts[1].error.contains("This shard has no questions."))
      #expect(parts[1].output.contains("There are no answers: nothing to score."))
      let example = try #require(Command.merge.syntax.examples.first)
      let words = example.split(separator: " ").dropFirst().map { word in
        word.hasSuffix(".jsonl") ? work.path(String(word)) : String(word)
      }
      let merged = try await Outcome(running: words)
      #expect(merged.code == .ok)
      #expect(try work.records("a.jsonl").map { $0["prompt"] as! String } == ["q?"])
    }
  }

  @Test("A template of one's own goes before the model, as the trace shows")
  func template() async throws {
    try await withWork { work in
      func ids(_ more: String...) async throws -> [Int] {
        let outcome = try await Outcome(
          running: ["ask", "\(Self.images)/7x5.png", "what?", "-n", "1", "--model", Self.model]
            + ["--trace", work.path("t.json")] + more)
        #expect(outcome.code == .ok)
        let trace = try JSONSerialization.jsonObject(with: Data(work.text("t.json").utf8))
        return (trace as! [String: Any])["input_ids"] as! [Int]
      }
      let own = try await ids()
      let bare = try await ids("--prompt-template", #"<image>\n{question}"#)
      let prompt = try work.write("<image>\nwhat?", "p.txt")
      let file = try await Outcome(
        running: ["ask", "\(Self.images)/7x5.png", "--prompt-file", prompt, "-n", "1", "--trace"]
          + [work.path("t.json"), "--model", Self.model])
      #expect(file.code == .ok)
      let trace = try JSONSerialization.jsonObject(with: Data(work.text("t.json").utf8))
      #expect(bare == (trace as! [String: Any])["input_ids"] as! [Int])
      #expect(own.count > bare.count)
    }
  }
}
