import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

/// Whole commands on the shipped model and examples: what goes where, and with which exit code.
@Suite struct CommandTests {
  static let weights = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Weights").standardized
  static let model = weights.appending(path: "flexvlm-mini.gguf").path
  static let receipt = weights.appending(path: "examples/receipt.png").path
  static let shapes = weights.appending(path: "examples/shapes.png").path
  static let total = "what is the total?"
  static let heart = "what color is the heart?"
  /// The model's answers about the receipt, right or wrong, as documented.
  static let answers: [String: String] = {
    struct Example: Decodable { let image: String, question: String, answer: String }
    let file = weights.appending(path: "examples/questions.json")
    let examples = try! JSONDecoder().decode([Example].self, from: Data(contentsOf: file))
    return Dictionary(
      uniqueKeysWithValues: examples.filter { $0.image == "receipt.png" }.map {
        ($0.question, $0.answer)
      })
  }()
  static let configuration = try! VisionLanguageModel(contentsOfFile: model).configuration
  static let high = configuration.high!
  private static let totalLine = "\(answers[total]!)\n"
  private static let heartLine = "\(answers[heart]!)\n"

  /// Runs a command on the shipped model in float32: a debug build's own kernels are slow.
  private func run(_ arguments: String...) async throws -> Outcome {
    try await Outcome(running: arguments + ["--model", Self.model, "--precision", "float32"])
  }

  @Test("The processor's own precision gives the documented answer too")
  func automaticPrecision() async throws {
    let arguments = ["ask", Self.receipt, Self.heart, "--model", Self.model]
    let outcome = try await Outcome(running: arguments)
    #expect(outcome == Outcome(code: .ok, output: Self.heartLine))
  }

  @Test("A precision that the processor lacks is refused")
  func unavailablePrecision() async throws {
    if Precision.bfloat16.isAvailable { return }
    let outcome = try await Outcome(running: ["bench", "--precision", "bfloat16"])
    #expect(outcome.code == .unavailable)
    #expect(outcome.error.contains("use 'float32'"))
  }

  @Test("--cache: the second process computes nothing of the image again")
  func cache() async throws {
    try await withTemporaryFolder { folder in
      let cache = folder.appending(path: "kept").path
      var flops: [Int] = []
      for _ in 0..<2 {
        let outcome = try await run(
          "ask", Self.receipt, Self.heart, "--cache", cache, "--json")
        let object =
          try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as! [String: Any]
        #expect(object["answer"] as? String == Self.answers[Self.heart])
        let statistics = object["statistics"] as! [String: Any]
        flops.append(statistics["encoder_flops"] as! Int)
      }
      #expect(flops[0] > 0 && flops[1] == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: cache).count == 1)
      let file = folder.appending(path: "file").path
      try "".write(toFile: file, atomically: true, encoding: .utf8)
      let refused = try await run("ask", Self.receipt, Self.heart, "--cache", file)
      #expect(refused.code == .cannotCreate && refused.output.isEmpty)
    }
  }

  @Test("bench measures a geometry without a file")
  func bench() async throws {
    let line = [
      "bench", "--geometry", "mini", "--layers", "2", "--rounds", "1", "--crops", "1",
      "--precision", "float32",
    ]
    let table = try await Outcome(running: line)
    #expect(table.code == .ok)
    for part in ["mini, 2 layers, Q8_0; ", "\nceilings: float32 ", " % of float32\n", "\ndecode "] {
      #expect(table.output.contains(part))
    }
    let outcome = try await Outcome(running: line + ["--json"])
    let report =
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as! [String: Any]
    let stages = report["stages"] as! [[String: Any]]
    #expect(stages.count == 7)
    #expect(stages.allSatisfy { $0["milliseconds"] as! Double > 0 && $0["share"] as! Double > 0 })
  }

  @Test("ask puts the answer, and nothing else, on standard output")
  func ask() async throws {
    let outcome = try await run("ask", Self.receipt, Self.total)
    #expect(outcome == Outcome(code: .ok, output: Self.totalLine))
  }

  @Test("Several questions give a line each; --verbose reports on standard error")
  func several() async throws {
    let outcome = try await run(
      "ask", Self.receipt, Self.total, Self.heart, "--verbose")
    #expect(outcome.code == .ok)
    #expect(outcome.output == Self.totalLine + Self.heartLine)
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count == 3)
    for (line, part) in [
      (0, "flexvlm-mini (F16) on "), (0, "OpenBLAS 0."),
      (1, " of \(Self.high.cropCount) crops) | prefill "),
      (1, "cells by layer "), (1, " | peak memory "), (2, " reused) | decode "),
      (1, " MiB | confidence 0."), (2, " (first token 0."),
    ] {
      #expect(lines[line].contains(part))
    }
  }

  @Test("--json prints one object a question")
  func json() async throws {
    let outcome = try await run("ask", Self.receipt, Self.total, "what color is it?", "--json")
    let objects = try outcome.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
    }
    #expect(objects.count == 2)
    #expect(objects[0]["question"] as? String == Self.total)
    #expect(objects[0]["answer"] as? String == Self.answers[Self.total])
    #expect(objects[0]["finish_reason"] as? String == "end")
    // The model is sure of what it reads well, and less so of a question about nothing.
    let confidences = objects.map { $0["confidence"] as! Double }
    #expect(confidences[0] > confidences[1] && confidences.allSatisfy { 0 < $0 && $0 <= 1 })
    #expect((objects[0]["first_probability"] as! Double) >= confidences[0] * 0.5)
    let statistics = objects[1]["statistics"] as! [String: Any]
    #expect(statistics["crop_count"] as? Int == Self.high.cropCount)
    let cells = statistics["mean_cells"] as! [String: Double]
    let first = Self.high.firstSelectionLayer
    let layers = first..<Self.configuration.language.layerCount
    #expect(cells.keys.sorted() == layers.map(String.init))
  }

  @Test("Questions come from a file or a prompt file too, white space and empty lines ignored")
  func questionFiles() async throws {
    try await withTemporaryFolder { folder in
      let questions = folder.appending(path: "questions.txt").path
      try "\n  \(Self.total)\r\n\n\(Self.heart)\n".write(
        toFile: questions, atomically: true, encoding: .utf8)
      let both = try await run("ask", Self.receipt, "--questions", questions)
      #expect(both == Outcome(code: .ok, output: Self.totalLine + Self.heartLine))

      let prompt = folder.appending(path: "prompt.txt").path
      try "<image>\(Self.total)\n".write(toFile: prompt, atomically: true, encoding: .utf8)
      let verbatim = try await run("ask", Self.receipt, "--prompt-file", prompt)
      #expect(verbatim == Outcome(code: .ok, output: Self.totalLine))
    }
  }

  @Test("--trace writes ids, the image's range and each step's tokens and cells")
  func trace() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "trace.json").path
      _ = try await run("ask", Self.receipt, Self.total, "--trace", file)
      let trace =
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
        as! [String: Any]
      #expect(trace["model_file_type"] as? String == "F16")
      #expect((trace["input_ids"] as! [Int]).prefix(2) == [1, -200])
      #expect(
        trace["image_token_range"] as! [Int] == [
          1, 1 + Self.configuration.vision.lowGrid * Self.configuration.vision.lowGrid,
        ])
      let steps = trace["steps"] as! [[String: Any]]
      #expect(steps.map { $0["text"] as! String }.joined() == Self.answers[Self.total])
      #expect((steps[0]["top"] as! [[Double]]).allSatisfy { $0.count == 2 })
      #expect((steps[0]["top"] as! [[Double]])[0][0] == Double(steps[0]["token"] as! Int))
      #expect(
        (steps[0]["cells"] as! [String: String]).values.allSatisfy {
          $0.count == Self.high.cellCount
        })
      #expect(steps.last!["token"] as? Int == 2)
    }
  }

  @Test("score marks the likeliest option")
  func score() async throws {
    let outcome = try await run(
      "score", Self.receipt, Self.heart, "--option", "blue", "--option", "red")
    #expect(outcome.code == .ok)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("  ") && lines[0].hasSuffix("  blue"))
    #expect(lines[1].hasPrefix("* ") && lines[1].hasSuffix("  red"))
    let json = try await run(
      "score", Self.receipt, Self.heart, "-o", "blue", "-o", "red", "--json")
    let report =
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as! [String: Any]
    #expect(report["best"] as? String == "red")
    let losses = (report["options"] as! [[String: Any]]).map { $0["token_losses"] as! [Double] }
    #expect(losses.allSatisfy { !$0.isEmpty })
  }

  @Test("inspect shows hyper-parameters, and tensors where asked")
  func inspect() async throws {
    let short = try await Outcome(running: ["inspect", Self.model])
    let (language, high) = (Self.configuration.language, Self.high)
    for part in [
      "\(language.layerCount) layers of \(language.width)",
      "\(high.size) x \(high.size) pixels, \(high.grid * high.grid) tokens",
      "\(high.selectionGrid) x \(high.selectionGrid) cells", "OpenBLAS",
    ] {
      #expect(short.output.contains(part))
    }
    let long = try await Outcome(running: ["inspect", Self.model, "--tensors"])
    #expect(long.output.contains("blk.\(high.firstSelectionLayer + 1).attn_k_hd.weight"))
    #expect(!long.output.contains("blk.\(high.firstSelectionLayer).attn_k_hd.weight"))
  }

  @Test("inspect --json gives numbers as numbers")
  func inspectJSON() async throws {
    let outcome = try await Outcome(running: ["inspect", Self.model, "--tensors", "--json"])
    let report =
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as! [String: Any]
    func number(_ path: String...) -> Int? {
      path.dropLast().reduce(report) { $0?[$1] as? [String: Any] }?[path.last!] as? Int
    }
    let (language, high) = (Self.configuration.language, Self.high)
    #expect(number("language", "layers") == language.layerCount)
    #expect(number("language", "context") == language.contextLength)
    #expect(number("vision", "patch") == Self.configuration.vision.patchSize)
    #expect(number("high_view", "tokens") == high.grid * high.grid)
    #expect(number("high_view", "crops") == Self.high.cropCount)
    #expect(number("selection", "threshold") == high.threshold)
    #expect(number("threads") ?? 0 > 0)
    let tensors = report["tensors"] as! [[String: Any]]
    #expect(number("tensor_count") == tensors.count)
    #expect(number("bytes") == tensors.reduce(0) { $0 + ($1["bytes"] as! Int) })
    let shapes = tensors.map { ($0["shape"] as! [Int]).reduce(1, *) }
    #expect(number("parameters") == shapes.reduce(0, +))
    #expect(report["prompt_template"] as? String == Self.configuration.promptTemplate)
    let plain = try await Outcome(running: ["inspect", Self.model, "--json"])
    #expect(!plain.output.contains("tensors\""))
  }

  @Test("'<image>' within a question or an option is text")
  func imageMarkers() async throws {
    let question = "what does the <image> tag say?"
    let ask = try await run("ask", Self.receipt, question, "-t1", "-v")
    #expect(ask.code == .ok)
    #expect(ask.error.contains("(F16) on 1 thread, "))
    let score = try await run("score", Self.receipt, question, "-o", "<image>", "-o", "a <image>")
    #expect(score.code == .ok)
    #expect(score.output.split(separator: "\n").count == 2)
  }

  @Test(
    "Bad input has its own exit code, and a message that names it",
    arguments: [
      (["ask", "/nowhere.png", "What?"], .noInput, "no image file at '/nowhere.png'"),
      (["ask", model, "What?"], .dataError, "looks like a GGUF file, not like an image"),
      (["ask", receipt, "--questions", "/nowhere"], .noInput, "/nowhere"),
      (["ask", receipt, "--questions", "/dev/null"], .dataError, "has no questions"),
      (["ask", receipt, "--questions", shapes], .dataError, "is not UTF-8 text"),
      (["ask", receipt, "What?", "--trace", "/nowhere/t.json"], .cannotCreate, "/nowhere/t.json"),
    ] as [([String], ExitCode, String)])
  func faults(arguments: [String], code: ExitCode, message: String) async throws {
    let outcome = try await Outcome(running: arguments + ["--model", Self.model])
    #expect(outcome.code == code)
    #expect(outcome.error.hasPrefix("flexvlm: "))
    #expect(outcome.error.contains(message))
  }

  @Test("A question that is longer than the context is refused")
  func longQuestion() async throws {
    try await faults(
      arguments: ["ask", Self.receipt, String(repeating: "a ", count: 2000)], code: .dataError,
      message: "this model's context")
  }

  @Test("A model that is none is refused")
  func badModel() async throws {
    let missing = try await Outcome(running: ["ask", Self.receipt, "What?", "-m", "/nowhere.gguf"])
    #expect(missing.code == .noInput)
    let image = try await Outcome(running: ["ask", Self.receipt, "What?", "-m", Self.receipt])
    #expect(image.code == .dataError)
    #expect(image.error.contains("is a PNG image, not a GGUF file"))
  }
}
