import Foundation
import Synchronization
import Testing

@testable import FlexVLM

/// Whole runs on a small model: order, sharing of images, interruption, shards, faults.
@Suite struct EvaluationRunnerTests {
  static let images = Fixture.path("parity/preproc")

  /// Eleven questions about four images, one of which does not exist.
  static func makeData(_ folder: TemporaryFolder) throws -> BenchmarkData {
    let lines = [
      ("7x5.png", "what"), ("7x5.png", "why not"), ("3x2.png", "what"), ("gone.png", "where"),
      ("7x5.png", "how many"), ("337x336.png", "what"), ("3x2.png", "who"), ("gone.png", "what"),
      ("337x336.png", "is it red"), ("337x336.png", "is it blue"), ("3x2.png", "no"),
    ]
    let text = lines.enumerated().map { index, line in
      #"{"question_id": \#(index), "image": "\#(line.0)", "text": "\#(line.1)?", "answer": "a"}"#
    }.joined(separator: "\n")
    return try BenchmarkData(
      .jsonl, annotations: [folder.write(text, to: "questions.jsonl")], images: images)
  }

  /// One run in a file.
  struct Run {
    let data: BenchmarkData
    var options = EvaluationOptions()
    var workers = 1

    init(_ data: BenchmarkData) {
      self.data = data
      options.maximumTokens = 4
    }

    static let model = Result {
      try VisionLanguageModel(contentsOfFile: Fixture.path("parity/tiny-a/model.gguf"), threads: 1)
    }

    func identity() throws -> RunIdentity {
      try RunIdentity(program: "test", model: Self.model.get(), data: data, options: options)
    }

    func log(_ path: String, resumes: Bool = false) throws -> AnswerLog {
      try AnswerLog(
        path: path, identity: identity(), order: EvaluationPlan(data, options).order,
        resumes: resumes)
    }

    /// - Parameter answers: so many answers are written in this run at most.
    func write(to path: String, resumes: Bool = false, answers: Int = .max) throws {
      let log = try log(path, resumes: resumes)
      let runner = EvaluationRunner(
        model: try Self.model.get(), data: data, plan: EvaluationPlan(data, options),
        options: options, identity: try identity(), workers: workers)
      let written = Atomic(0)
      try runner.run(
        from: log.earlier.count,
        isCancelled: { written.load(ordering: .relaxed) >= answers },
        receive: { record, times in
          guard written.load(ordering: .relaxed) < answers else { return }
          try log.append(record, times)
          written.wrappingAdd(1, ordering: .relaxed)
        })
    }
  }

  @Test("Answers come in the data set's order, the same with any number of workers")
  func order() throws {
    let folder = try TemporaryFolder()
    var run = Run(try Self.makeData(folder))
    let one = "\(folder.path)/one.jsonl"
    try run.write(to: one)
    let records = try AnswerRecord.read(contentsOfFile: one).map(\.value)
    #expect(records.map { $0.metadata?.index } == Array(0..<11))
    #expect(records.map(\.questionID) == (0..<11).map { .number($0) })
    let answered = records.filter { $0.metadata?.error == nil }
    #expect(answered.allSatisfy { $0.metadata?.cells?.count == 81 && $0.metadata?.tokens != nil })
    #expect(Set(records.map(\.answerID)).count == 11)
    #expect(answered.allSatisfy { (0...1).contains($0.metadata?.confidence ?? -1) })
    #expect(answered.allSatisfy { (0...1).contains($0.metadata?.firstProbability ?? -1) })
    #expect(records[3].metadata?.confidence == nil)

    run.workers = 3
    let three = "\(folder.path)/three.jsonl"
    try run.write(to: three)
    #expect(try Data(contentsOf: URL(filePath: one)) == Data(contentsOf: URL(filePath: three)))
  }

  @Test("A run that ends after any answer, with a torn line, resumes to the same file")
  func resume() throws {
    let folder = try TemporaryFolder()
    let run = Run(try Self.makeData(folder))
    let whole = "\(folder.path)/whole.jsonl"
    try run.write(to: whole)
    let expected = try Data(contentsOf: URL(filePath: whole))
    for answers in [0, 1, 4, 5, 10] {
      let path = "\(folder.path)/part\(answers).jsonl"
      try run.write(to: path, answers: answers)
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(#"{"answer_id":"torn"#.utf8))
      try file.close()
      try run.write(to: path, resumes: true)
      #expect(try Data(contentsOf: URL(filePath: path)) == expected, "\(answers) answers")
    }
  }

  @Test("Shards merge to the file of a whole run; missing and double shards are refused")
  func shards() throws {
    let folder = try TemporaryFolder()
    var run = Run(try Self.makeData(folder))
    let whole = "\(folder.path)/whole.jsonl"
    try run.write(to: whole)
    let paths = (1...3).map { "\(folder.path)/shard\($0).jsonl" }
    for (index, path) in paths.enumerated() {
      run.options.shard = try #require(Shard(number: index + 1, count: 3))
      try run.write(to: path)
    }
    let merge = try ShardMerge([paths[2], paths[0], paths[1]])
    #expect(
      try merge.records.map(\.line).joined() == String(contentsOfFile: whole, encoding: .utf8))
    #expect(try merge.identity == AnswerLog.identity(of: whole))

    func fault(_ paths: [String]) -> String {
      let error = #expect(throws: EvaluationError.self) { try ShardMerge(paths) }
      return "\(error!)"
    }
    #expect(fault([paths[0], paths[2]]) == "of 3 shards these are missing: 2")
    #expect(fault([]) == "no answers file of a shard is given")
    #expect(fault([paths[0], paths[0]]).contains("are both shard 1/3"))
    #expect(fault([paths[0], whole]).contains("shards: 3 -> 1"))
    var other = Run(run.data)
    other.options.maximumTokens = 5
    other.options.shard = try #require(Shard(number: 2, count: 3))
    try other.write(to: "\(folder.path)/other.jsonl")
    #expect(fault([paths[0], "\(folder.path)/other.jsonl"]).contains("token limit: 4 -> 5"))
    run.options.shard = try #require(Shard(number: 2, count: 3))
    try run.write(to: "\(folder.path)/short.jsonl", answers: 1)
    let short = fault([paths[0], "\(folder.path)/short.jsonl", paths[2]])
    #expect(short.contains("questions are not answered yet"))
  }

  @Test("What a .run.json claims is checked before it is believed")
  func hostileIdentities() throws {
    let folder = try TemporaryFolder()
    let run = Run(try Self.makeData(folder))
    let path = "\(folder.path)/a.jsonl"
    try run.write(to: path, answers: 3)
    let sound = try String(contentsOfFile: path + ".run.json", encoding: .utf8)
    func fault(_ field: String, _ value: String) throws -> String {
      let text = sound.replacing(
        try Regex("\"\(field)\" : [0-9]+"), with: "\"\(field)\" : \(value)")
      #expect(text != sound)
      _ = try folder.write(text, to: "a.jsonl.run.json")
      let error = #expect(throws: EvaluationError.self) { try ShardMerge([path]) }
      return "\(error!)"
    }
    for value in ["-1", "\(Int.max)", "\(Int.min)"] {
      #expect(try fault("questions", value).contains("questions: \(value) is no count"))
      #expect(try fault("offset", value).contains("offset: \(value) is no count"))
      #expect(try fault("count", value).contains("shard: 1 of \(value) is no shard"))
      #expect(try fault("number", value).contains("shard: \(value) of 1 is no shard"))
    }
    #expect(try fault("questions", "1e400").contains(".run.json'"))
    #expect(
      try fault("questions", "1000000000").hasPrefix("999999997 questions are not answered yet"))
    #expect(try fault("questions", "2").contains("questions that the evaluation does not have"))
    #expect(try fault("offset", "1").contains("questions are not answered yet, the first is 1"))
    #expect(
      try fault("count", "1000000").hasSuffix(
        "missing: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 999989 more"))
    _ = try folder.write(sound, to: "a.jsonl.run.json")
    let lines = try String(contentsOfFile: path, encoding: .utf8)
    _ = try folder.write(lines + lines, to: "a.jsonl")
    let error = #expect(throws: EvaluationError.self) { try ShardMerge([path]) }
    #expect("\(error!)" == "question 0 is answered twice")
  }

  @Test("A missing image is recorded and counted; strict runs stop there and keep what came before")
  func missingImages() throws {
    let folder = try TemporaryFolder()
    var run = Run(try Self.makeData(folder))
    let path = "\(folder.path)/answers.jsonl"
    try run.write(to: path)
    let records = try AnswerRecord.read(contentsOfFile: path)
    let gone = records.filter { $0.value.metadata?.image == "gone.png" }.map(\.value)
    #expect(gone.count == 2)
    #expect(gone.allSatisfy { $0.text.isEmpty && $0.metadata!.error!.contains("no image file") })
    let summary = try run.data.summary(run.data.score(records, file: path))
    #expect((summary.answered, summary.failed, summary.rows[0].count) == (9, 2, 11))
    #expect(summary.firstFailure == gone[0].metadata?.error)

    run.options.isStrict = true
    let strict = "\(folder.path)/strict.jsonl"
    let error = #expect(throws: EvaluationError.self) { try run.write(to: strict) }
    #expect("\(error!)".hasPrefix("question 3 has no answer: "))
    #expect(try AnswerRecord.read(contentsOfFile: strict).count == 3)
  }

  @Test("What does not belong together is not resumed")
  func refusals() throws {
    let folder = try TemporaryFolder()
    var run = Run(try Self.makeData(folder))
    let path = "\(folder.path)/answers.jsonl"
    try run.write(to: path, answers: 3)
    func fault(_ run: Run, resumes: Bool = true) -> String {
      let error = #expect(throws: EvaluationError.self) { try run.log(path, resumes: resumes) }
      return "\(error!)"
    }
    #expect(fault(run, resumes: false).contains("exists; go on with it by '--resume'"))
    run.options.selection.policy = .none
    run.options.image.alpha = .white
    let differences = fault(run)
    #expect(differences.contains("policy: flex -> none\n  alpha: drop -> white"))

    let identity = path + ".run.json"
    let recorded = try String(contentsOfFile: identity, encoding: .utf8)
    for (replacement, there) in [
      ("", "not recorded"),
      ("\"promptTemplate\" : \"<image>{question}\",", "\"<image>{question}\""),
    ] {
      let template = try Regex("\"promptTemplate\" : \".*\",")
      _ = try folder.write(
        recorded.replacing(template, with: replacement), to: "answers.jsonl.run.json")
      #expect(fault(Run(run.data)).contains("prompt template: \(there) -> \"A chat between"))
    }
    _ = try folder.write(recorded, to: "answers.jsonl.run.json")

    let same = Run(run.data)
    do {
      let first = try same.log(path, resumes: true)
      #expect(fault(same).contains("another process is writing"))
      #expect(first.earlier.count == 3)
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    _ = try folder.write(lines[1] + "\n" + lines[0] + "\n", to: "answers.jsonl")
    #expect(fault(same).contains("line 1: not the answer that this run would write here"))
    _ = try folder.write("\(lines[0])\n\u{0}\u{0}\n", to: "answers.jsonl")
    #expect(fault(same).contains("line 2: not JSON"))
    #expect(same.log(orFault: "/nowhere/answers.jsonl").contains("cannot write '/nowhere"))
  }

  @Test("Options are compared by likelihood, with and without the end token")
  func options() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/OCR", withIntermediateDirectories: true)
    for name in ["a", "b"] {
      _ = try folder.write(
        #"{"question": "which?", "options": ["red", "a blue one", "no"]}"#, to: "OCR/\(name).json")
    }
    try FileManager.default.copyItem(
      atPath: "\(Self.images)/7x5.png", toPath: "\(folder.path)/OCR/a.png")
    var losses: [[Double]] = []
    for optionProtocol in BenchmarkOptions.OptionProtocol.allCases {
      var benchmark = BenchmarkOptions()
      benchmark.optionProtocol = optionProtocol
      let data = try BenchmarkData(
        .vstar, annotations: [folder.path], images: nil, options: benchmark)
      var run = Run(data)
      run.options.benchmark = benchmark
      let path = "\(folder.path)/\(optionProtocol.rawValue).jsonl"
      try run.write(to: path)
      let records = try AnswerRecord.read(contentsOfFile: path).map(\.value)
      let found = try #require(records[0].metadata?.losses)
      let best = found.indices.min { found[$0] < found[$1] }!
      #expect(records[0].text == data.samples[0].options[best])
      #expect(records[1].metadata?.error != nil && records[1].text.isEmpty)
      losses.append(found)
    }
    #expect(losses[0].count == 3 && losses[1].count == 3 && losses[0] != losses[1])
  }

  @Test("Digests are SHA-256")
  func digests() {
    // FIPS 180-4 examples, and lengths around the padding's block limits.
    #expect(
      Fingerprint.sha256([])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Fingerprint.sha256(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    for length in [55, 56, 63, 64, 65, 119, 120, 1000] {
      let bytes = (0..<length).map { UInt8($0 % 251) }
      #expect(Fingerprint.sha256(bytes) == sha256(bytes))
    }
  }
}

extension EvaluationRunnerTests.Run {
  func log(orFault path: String) -> String {
    let error = #expect(throws: EvaluationError.self) { try log(path) }
    return "\(error!)"
  }
}
