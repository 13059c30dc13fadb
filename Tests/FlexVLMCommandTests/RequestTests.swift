import FlexVLM
import Testing

@testable import FlexVLMCommand

/// A command line that is understood, and the request it makes.
struct AcceptedLine: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let request: Request

  init(_ arguments: [String], _ request: Request) {
    (self.arguments, self.request) = (arguments, request)
  }

  var testDescription: String { "flexvlm " + arguments.joined(separator: " ") }
}

/// `flexvlm ask i.png q` with some fields set otherwise.
private func ask(_ change: (inout AskRequest) -> Void = { _ in }) -> Request {
  var request = AskRequest(image: "i.png", prompts: .questions(["q"]))
  change(&request)
  return .ask(request)
}

/// `flexvlm score i.png q -o a -o b` with some fields set otherwise.
private func score(_ change: (inout ScoreRequest) -> Void = { _ in }) -> Request {
  var request = ScoreRequest(image: "i.png", prompt: .question("q"), options: ["a", "b"])
  change(&request)
  return .score(request)
}

/// `flexvlm eval` with some fields set otherwise.
private func evaluation(
  _ benchmark: Benchmark, _ annotations: [String], _ images: String?,
  _ change: (inout EvalRequest) -> Void = { _ in }
) -> Request {
  var request = EvalRequest(
    benchmark: benchmark, annotations: annotations, images: images, output: "o")
  change(&request)
  return .eval(request)
}

/// `flexvlm extract i.png -q n=q?` with some fields set otherwise.
private func extract(_ change: (inout ExtractRequest) -> Void = { _ in }) -> Request {
  var request = ExtractRequest(images: ["i.png"], questions: .columns([TableColumn("n=q?")!]))
  change(&request)
  return .extract(request)
}

@Suite struct RequestTests {
  static let extractLines: [AcceptedLine] = [
    AcceptedLine(["extract", "i.png", "-q", "n=q?"], extract()),
    AcceptedLine(
      ["extract", "a.png", "d", "-", "--question", "n=q?", "-q", "m = is x=1?", "-r"],
      extract {
        ($0.images, $0.isRecursive) = (["a.png", "d", "-"], true)
        $0.questions = .columns([TableColumn("n=q?")!, TableColumn("m=is x=1?")!])
      }),
    AcceptedLine(
      ["extract", "i.png", "--questions", "-", "--recursive", "--output", "t.jsonl"],
      extract {
        ($0.questions, $0.isRecursive) = (.file("-"), true)
        ($0.output, $0.table.format) = ("t.jsonl", .jsonl)
      }),
    AcceptedLine(
      [
        "extract", "i.png", "-q", "n=q?", "-o", "t.ndjson", "--csv", "--confidence",
        "--min-confidence", "0.5", "--formulas", "--resume", "--shard", "1/2", "--workers", "3",
      ],
      extract {
        $0.output = "t.ndjson"
        ($0.table.showsConfidence, $0.table.minimumConfidence) = (true, 0.5)
        ($0.table.allowsFormulas, $0.evaluation.resumes) = (true, true)
        ($0.evaluation.shard, $0.evaluation.workers) = (Shard(number: 1, count: 2), 3)
      }),
    AcceptedLine(
      [
        "extract", "i.png", "-q", "n=q?", "--jsonl", "-m", "m", "-n", "9", "--seed", "3",
        "--policy", "hired", "--budget", "0.3", "--compat", "--threshold", "9", "--alpha", "white",
        "--no-exif", "-t", "2", "--mmproj", "p", "--prompt-template", "<image>{question}",
        "--precision", "float32",
      ],
      extract {
        ($0.table.format, $0.maxTokens, $0.seed) = (.jsonl, 9, 3)
        $0.engine = EngineSettings(
          model: "m", promptTemplate: "<image>{question}", projector: "p", policy: .hired,
          budget: 0.3, isCompatible: true, threshold: 9, alpha: .white,
          appliesEXIFOrientation: false, threads: 2, precision: .float32)
      }),
    AcceptedLine(["extract", "-h"], .help(.extract)),
  ]

  static let evaluationLines: [AcceptedLine] = [
    AcceptedLine(
      ["eval", "textvqa", "-a", "v.json", "--images", "d", "--output", "o"],
      evaluation(.textvqa, ["v.json"], "d")),
    AcceptedLine(
      ["eval", "pope", "-a", "a", "--annotations", "b", "--images=d", "--output", "o"],
      evaluation(.pope, ["a", "b"], "d")),
    AcceptedLine(["eval", "vstar", "-a", "v", "--output", "o"], evaluation(.vstar, ["v"], nil)),
    AcceptedLine(
      [
        "eval", "vstar", "-a", "v", "--output", "o", "--resume", "--strict", "--offset", "3",
        "--limit", "4", "--shard", "2/8", "--report", "r", "--ocr-tokens", "on",
        "--option-scoring", "official", "--workers", "2", "-n", "7", "--seed", "5", "-t", "4",
        "--policy", "none", "--no-exif", "--json",
      ],
      evaluation(.vstar, ["v"], nil) {
        ($0.evaluation.resumes, $0.evaluation.isStrict) = (true, true)
        ($0.evaluation.offset, $0.evaluation.limit) = (3, 4)
        $0.evaluation.shard = Shard(number: 2, count: 8)
        ($0.evaluation.report, $0.evaluation.ocrTokens) = ("r", .on)
        ($0.evaluation.optionProtocol, $0.evaluation.workers) = (.official, 2)
        ($0.maxTokens, $0.seed, $0.engine.threads, $0.json) = (7, 5, 4, true)
        ($0.engine.policy, $0.engine.appliesEXIFOrientation) = (.none, false)
      }),
    AcceptedLine(
      [
        "eval", "vstar", "-a", "v", "--output", "o", "-m", "m", "--max-tokens", "9", "--policy",
        "hired", "--budget", "0.5", "--compat", "--alpha", "white", "--threads", "1",
        "--precision", "float32",
      ],
      evaluation(.vstar, ["v"], nil) {
        ($0.maxTokens, $0.engine.model, $0.engine.policy) = (9, "m", .hired)
        ($0.engine.budget, $0.engine.isCompatible) = (0.5, true)
        ($0.engine.alpha, $0.engine.threads, $0.engine.precision) = (.white, 1, .float32)
      }),
    AcceptedLine(
      ["eval", "vstar", "-a", "v", "--output", "o", "--threshold", "3"],
      evaluation(.vstar, ["v"], nil) { $0.engine.threshold = 3 }),
    AcceptedLine(
      ["eval", "vstar", "-a", "v", "--output", "o", "--policy", "none"],
      evaluation(.vstar, ["v"], nil) { $0.engine.policy = .none }),
    AcceptedLine(
      [
        "eval", "vstar", "-a", "v", "--output", "o", "--prompt-template", "<image>{question}",
      ],
      evaluation(.vstar, ["v"], nil) { $0.engine.promptTemplate = "<image>{question}" }),
    AcceptedLine(["eval", "--help"], .help(.eval)),
    AcceptedLine(
      [
        "metric", "docvqa", "-a", "v", "--images", "d", "--answers", "x", "--compare", "y",
        "--report", "r", "--ocr-tokens", "off", "--option-scoring", "flex", "--json",
      ],
      .metric(
        MetricRequest(
          benchmark: .docvqa, annotations: ["v"], images: "d", answers: "x",
          evaluation: EvaluationSettings(comparison: "y", report: "r"),
          json: true))),
    AcceptedLine(["metric", "-h"], .help(.metric)),
    AcceptedLine(
      ["merge", "a", "b", "--output", "o", "--json"],
      .merge(MergeRequest(shards: ["a", "b"], output: "o", json: true))),
    AcceptedLine(["merge", "-h"], .help(.merge)),
  ]

  static let askLines: [AcceptedLine] = [
    AcceptedLine(["ask", "i.png", "q"], ask()),
    AcceptedLine(
      ["ask", "i.png", "q", "r", "s"], ask { $0.prompts = .questions(["q", "r", "s"]) }),
    AcceptedLine(["ask", "i.png", "q", "--model", "m.gguf"], ask { $0.engine.model = "m.gguf" }),
    AcceptedLine(["ask", "-m", "m.gguf", "i.png", "q"], ask { $0.engine.model = "m.gguf" }),
    AcceptedLine(["ask", "i.png", "--model=a=b", "q"], ask { $0.engine.model = "a=b" }),
    AcceptedLine(["ask", "i.png", "q", "--model=-x"], ask { $0.engine.model = "-x" }),
    AcceptedLine(
      ["ask", "i.png", "--questions", "f"], ask { $0.prompts = .questionsFile("f") }),
    AcceptedLine(
      ["ask", "i.png", "--questions", "-"], ask { $0.prompts = .questionsFile("-") }),
    AcceptedLine(
      ["ask", "--prompt-file", "p.txt", "i.png"], ask { $0.prompts = .promptFile("p.txt") }),
    AcceptedLine(
      ["ask", "i.png", "q", "--prompt-template", #"U: <image>\n{question} A:"#],
      ask { $0.engine.promptTemplate = "U: <image>\n{question} A:" }),
    AcceptedLine(["ask", "i.png", "q", "--max-tokens", "1"], ask { $0.generation.maxTokens = 1 }),
    AcceptedLine(["ask", "i.png", "q", "-n", "4096"], ask { $0.generation.maxTokens = 4096 }),
    AcceptedLine(
      ["ask", "i.png", "q", "--temperature", "0.7"], ask { $0.generation.temperature = 0.7 }),
    AcceptedLine(["ask", "i.png", "q", "--temperature=2"], ask { $0.generation.temperature = 2 }),
    AcceptedLine(["ask", "i.png", "q", "--top-p", "0.95"], ask { $0.generation.topP = 0.95 }),
    AcceptedLine(["ask", "i.png", "q", "--seed", "42"], ask { $0.generation.seed = 42 }),
    AcceptedLine(["ask", "i.png", "q", "--policy", "none"], ask { $0.engine.policy = .none }),
    AcceptedLine(
      ["ask", "i.png", "q", "--policy=prumerge+"], ask { $0.engine.policy = .pruMergePlus }),
    AcceptedLine(
      ["ask", "i.png", "q", "--policy", "tidal", "--budget", "0.05"],
      ask { ($0.engine.policy, $0.engine.budget) = (.tidal, 0.05) }),
    AcceptedLine(
      ["ask", "i.png", "q", "--policy", "hired", "--compat"],
      ask { ($0.engine.policy, $0.engine.isCompatible) = (.hired, true) }),
    AcceptedLine(["ask", "i.png", "q", "--policy", "none"], ask { $0.engine.policy = .none }),
    AcceptedLine(["ask", "i.png", "q", "--policy=all"], ask { $0.engine.policy = .all }),
    AcceptedLine(["ask", "i.png", "q", "--threshold", "0"], ask { $0.engine.threshold = 0 }),
    AcceptedLine(["ask", "i.png", "q", "--threshold", "255"], ask { $0.engine.threshold = 255 }),
    AcceptedLine(["ask", "i.png", "q", "--alpha", "white"], ask { $0.engine.alpha = .white }),
    AcceptedLine(
      ["ask", "i.png", "q", "--no-exif"], ask { $0.engine.appliesEXIFOrientation = false }),
    AcceptedLine(["ask", "--no-image", "q"], ask { $0.image = nil }),
    AcceptedLine(
      ["ask", "q", "--no-image", "r"],
      ask { ($0.image, $0.prompts) = (nil, .questions(["q", "r"])) }),
    AcceptedLine(
      ["ask", "--no-image", "--prompt-file", "p"],
      ask { ($0.image, $0.prompts) = (nil, .promptFile("p")) }),
    AcceptedLine(["ask", "i.png", "q", "--threads", "8"], ask { $0.engine.threads = 8 }),
    AcceptedLine(["ask", "i.png", "q", "-t", "1"], ask { $0.engine.threads = 1 }),
    AcceptedLine(
      ["ask", "i.png", "q", "--precision", "float32", "--cache", "kept"],
      ask { ($0.engine.precision, $0.engine.cache) = (.float32, "kept") }),
    AcceptedLine(
      ["ask", "i.png", "q", "--heatmap", "h.png", "--heatmap-layers", "l.png"],
      ask { ($0.heatmap.file, $0.heatmap.layersFile) = ("h.png", "l.png") }),
    AcceptedLine(["ask", "i.png", "q", "--show"], ask { $0.heatmap.isShown = true }),
    AcceptedLine(
      ["ask", "i.png", "q", "--trace", "t.json"], ask { $0.output.traceFile = "t.json" }),
    AcceptedLine(["ask", "--json", "i.png", "q"], ask { $0.output.json = true }),
    AcceptedLine(["ask", "i.png", "--verbose", "q"], ask { $0.output.verbose = true }),
    AcceptedLine(["ask", "i.png", "q", "-v"], ask { $0.output.verbose = true }),
    AcceptedLine(["ask", "i.png", "q", "-t1"], ask { $0.engine.threads = 1 }),
    AcceptedLine(["ask", "i.png", "q", "-t=1"], ask { $0.engine.threads = 1 }),
    AcceptedLine(
      ["ask", "i.png", "-vt1", "q"], ask { ($0.output.verbose, $0.engine.threads) = (true, 1) }),
    AcceptedLine(
      ["ask", "i.png", "-vn", "3", "q"],
      ask { ($0.output.verbose, $0.generation.maxTokens) = (true, 3) }),
    AcceptedLine(["ask", "i.png", "-mm.gguf", "q"], ask { $0.engine.model = "m.gguf" }),
    AcceptedLine(
      ["ask", "i.png", "\u{FEFF} <image>\nq\n"], ask { $0.prompts = .questions(["q"]) }),
    AcceptedLine(
      ["ask", "i.png", "where is b.png", "the <image> tag?"],
      ask { $0.prompts = .questions(["where is b.png", "the <image> tag?"]) }),
    AcceptedLine(["ask", "--", "i.png", "--json"], ask { $0.prompts = .questions(["--json"]) }),
    AcceptedLine(["ask", "i.png", "--", "--"], ask { $0.prompts = .questions(["--"]) }),
    AcceptedLine(
      ["ask", "-", "-5", "- item", "-"],
      ask { ($0.image, $0.prompts) = ("-", .questions(["-5", "- item", "-"])) }),
    AcceptedLine(["ask", "--help"], .help(.ask)),
    AcceptedLine(["ask", "i.png", "-h", "--unknown"], .help(.ask)),
  ]

  static let scoreLines: [AcceptedLine] = [
    AcceptedLine(["score", "i.png", "q", "--option", "a", "--option", "b"], score()),
    AcceptedLine(["score", "-o", "a", "i.png", "-o", "b", "q"], score()),
    AcceptedLine(
      ["score", "-o", "a", "-o", "b", "i.png", "q", "--prompt-template", "<image>{question}"],
      score { $0.engine.promptTemplate = "<image>{question}" }),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "-1", "--option=--", "-o", "a"],
      score { $0.options = ["-1", "--", "a"] }),
    AcceptedLine(
      ["score", "i.png", "--prompt-file", "p", "-o", "a", "-o", "b"],
      score { $0.prompt = .promptFile("p") }),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "a", "-o", "b", "--model", "m"],
      score { $0.engine.model = "m" }),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "a", "-o", "b", "--policy", "flex", "--threshold", "48"],
      score { $0.engine.threshold = 48 }),
    AcceptedLine(
      [
        "score", "i.png", "q", "-o", "a", "-o", "b", "--policy", "random", "--budget", "1",
        "--compat",
      ],
      score {
        ($0.engine.policy, $0.engine.budget, $0.engine.isCompatible) = (.random, 1, true)
      }),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "a", "-o", "b", "--alpha", "white", "--no-exif"],
      score { ($0.engine.alpha, $0.engine.appliesEXIFOrientation) = (.white, false) }),
    AcceptedLine(
      [
        "score", "i.png", "q", "-o", "a", "-o", "b", "--threads", "2", "--trace", "t", "--verbose",
        "--precision", "bfloat16", "--cache", "c",
      ],
      score {
        ($0.engine.threads, $0.engine.precision, $0.engine.cache) = (2, .bfloat16, "c")
        ($0.output.traceFile, $0.output.verbose) = ("t", true)
      }),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "a", "-o", "b", "--json"], score { $0.output.json = true }),
    AcceptedLine(["score", "i.png", "q", "-oa", "-ob"], score()),
    AcceptedLine(["score", "--help"], .help(.score)),
  ]

  static let exploreLines: [AcceptedLine] = [
    AcceptedLine(["explore", "i.png"], .explore(ExploreRequest(image: "i.png"))),
    AcceptedLine(
      [
        "explore", "i.png", "-m", "m", "-n", "9", "--temperature", "1", "--top-p", "0.5", "--seed",
        "3", "--policy", "hired", "--budget", "0.3", "--compat", "--threshold", "9", "--alpha",
        "white", "--no-exif", "-t", "2", "--precision", "float32", "--cache", "c",
      ],
      .explore(
        ExploreRequest(
          image: "i.png",
          generation: GenerationSettings(maxTokens: 9, temperature: 1, topP: 0.5, seed: 3),
          engine: EngineSettings(
            model: "m", policy: .hired, budget: 0.3, isCompatible: true, threshold: 9,
            alpha: .white, appliesEXIFOrientation: false, threads: 2, precision: .float32,
            cache: "c")))),
    AcceptedLine(
      ["explore", "i.png", "--policy", "all"],
      .explore(ExploreRequest(image: "i.png", engine: EngineSettings(policy: .all)))),
    AcceptedLine(
      ["explore", "i.png", "--prompt-template", "<image>{question}"],
      .explore(
        ExploreRequest(
          image: "i.png", engine: EngineSettings(promptTemplate: "<image>{question}")))),
    AcceptedLine(["explore", "--help"], .help(.explore)),
  ]

  static let costLines: [AcceptedLine] = [
    AcceptedLine(["cost"], .cost(CostRequest())),
    AcceptedLine(["cost", "m.gguf", "--json"], .cost(CostRequest(model: "m.gguf", json: true))),
    AcceptedLine(
      [
        "cost", "--policy", "tidal", "--budget", "0.2", "--selected", "0.3", "--crops", "4",
        "--text-tokens", "50", "--answer-tokens", "9",
      ],
      .cost(
        CostRequest(
          setting: CostSetting(
            textTokens: 50, answerTokens: 9, selected: 0.3, crops: 4,
            selection: SelectionOptions(policy: .tidal, budget: 0.2))))),
    AcceptedLine(["cost", "--help"], .help(.cost)),
  ]

  static let benchLines: [AcceptedLine] = [
    AcceptedLine(["bench"], .bench(BenchRequest())),
    AcceptedLine(
      ["bench", "-m", "m", "--mmproj", "p", "--crops", "2", "--text-tokens", "9", "--rounds", "7"],
      .bench(
        BenchRequest(
          rounds: 7, crops: 2, textTokens: 9, engine: EngineSettings(model: "m", projector: "p")))),
    AcceptedLine(
      [
        "bench", "--geometry", "llava-13b", "--layers", "3", "--type", "q4_k", "-t", "2",
        "--precision", "bfloat16", "--json",
      ],
      .bench(
        BenchRequest(
          geometry: .llava13B, layers: 3, type: .q40K,
          engine: EngineSettings(threads: 2, precision: .bfloat16), json: true))),
    AcceptedLine(["bench", "--help"], .help(.bench)),
  ]

  static let otherLines: [AcceptedLine] = [
    AcceptedLine(["inspect"], .inspect(InspectRequest())),
    AcceptedLine(["inspect", "m.gguf"], .inspect(InspectRequest(model: "m.gguf"))),
    AcceptedLine(["inspect", "--tensors"], .inspect(InspectRequest(listsTensors: true))),
    AcceptedLine(
      ["inspect", "--json", "m.gguf"], .inspect(InspectRequest(model: "m.gguf", json: true))),
    AcceptedLine(["inspect", "--help"], .help(.inspect)),
    AcceptedLine([], .help(nil)),
    AcceptedLine(["-h"], .help(nil)),
    AcceptedLine(["--help", "ask"], .help(nil)),
    AcceptedLine(["help"], .help(nil)),
    AcceptedLine(["help", "score"], .help(.score)),
    AcceptedLine(["help", "help"], .help(.help)),
    AcceptedLine(["help", "--help"], .help(.help)),
    AcceptedLine(["help", "--man"], .manual),
    AcceptedLine(["completions", "fish"], .completions(.fish)),
    AcceptedLine(["completions", "--help"], .help(.completions)),
    AcceptedLine(["version"], .version),
    AcceptedLine(["--version"], .version),
    AcceptedLine(["-V"], .version),
    AcceptedLine(["version", "--help"], .help(.version)),
  ]

  static let pairLines: [AcceptedLine] = [
    AcceptedLine(
      ["ask", "i.png", "q", "-m", "m", "--mmproj", "v"],
      ask { ($0.engine.model, $0.engine.projector) = ("m", "v") }),
    AcceptedLine(
      ["explore", "i.png", "--mmproj", "v"],
      .explore(ExploreRequest(image: "i.png", engine: EngineSettings(projector: "v")))),
    AcceptedLine(
      ["score", "i.png", "q", "-o", "a", "-o", "b", "--mmproj", "v"],
      score { $0.engine.projector = "v" }),
    AcceptedLine(
      ["eval", "vstar", "-a", "v", "--output", "o", "--mmproj", "v"],
      evaluation(.vstar, ["v"], nil) { $0.engine.projector = "v" }),
    AcceptedLine(
      ["cost", "m", "--mmproj", "v"], .cost(CostRequest(model: "m", projector: "v"))),
    AcceptedLine(
      ["inspect", "m", "--mmproj", "v"], .inspect(InspectRequest(model: "m", projector: "v"))),
  ]

  static let quantizeLines: [AcceptedLine] = [
    AcceptedLine(
      ["quantize", "i", "o", "q4_k"],
      .quantize(QuantizeRequest(input: "i", output: "o", type: .q40K))),
    AcceptedLine(
      ["quantize", "i", "o", "Q4_0", "--calibrate", "d", "--mmproj", "v", "-t", "3"],
      .quantize(
        QuantizeRequest(
          input: "i", output: "o", type: .q40, calibration: "d", projector: "v", threads: 3))),
    AcceptedLine(["quantize", "--help"], .help(.quantize)),
  ]

  static let serveLines: [AcceptedLine] = [
    AcceptedLine(["serve"], .serve(ServeRequest())),
    AcceptedLine(
      [
        "serve", "-m", "m", "--mmproj", "v", "--prompt-template", "<image>{question}", "-t", "2",
        "--workers", "3", "--host", "h", "--port", "0", "--api-key-file", "k", "--queue", "0",
        "--image-memory", "7", "--max-body", "8", "--timeout", "9", "--media-path", "d",
        "--allow-remote-images", "--cors-origin", "*", "--precision", "float32", "-v",
      ],
      .serve(allServeOptions)),
    AcceptedLine(["serve", "--help"], .help(.serve)),
  ]

  private static var allServeOptions: ServeRequest {
    var request = ServeRequest(
      engine: EngineSettings(
        model: "m", promptTemplate: "<image>{question}", projector: "v", threads: 2,
        precision: .float32),
      keyFile: "k")
    (request.server.workers, request.server.host, request.server.port) = (3, "h", 0)
    (request.server.queue, request.server.imageMemory, request.server.bodyLimit) = (0, 7, 8)
    (request.server.timeout, request.server.mediaPath) = (9, "d")
    (request.server.allowsRemoteImages, request.server.origin) = (true, "*")
    request.server.isVerbose = true
    return request
  }

  static let allLines =
    askLines + exploreLines + costLines + benchLines + scoreLines + evaluationLines + extractLines
    + pairLines + quantizeLines + serveLines + otherLines

  @Test(
    "A command line makes its request",
    arguments: allLines)
  func accepts(_ line: AcceptedLine) throws {
    #expect(try CommandLineReader.read(line.arguments) == line.request)
  }

  @Test("Every option of every command is in a line above", arguments: Command.allCases)
  func coversTable(_ command: Command) {
    let lines = Self.allLines.map(\.arguments)
    let words = Set(lines.filter { $0.first == command.rawValue }.flatMap(\.self))
    for option in Option.table where option.commands.contains(command) {
      let spellings = ["--" + option.name, option.shortName.map { "-\($0)" }].compactMap(\.self)
      #expect(!words.isDisjoint(with: spellings), "--\(option.name) is never read")
    }
  }
}
