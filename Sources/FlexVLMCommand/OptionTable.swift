import FlexVLM

// Every command and every option of flexvlm, each declared once.
// CommandLineReader parses by these tables, HelpText prints them, the tests enumerate them.

/// The first word of the command line.
enum Command: String, CaseIterable, Sendable {
  case ask, explore, score, cost, inspect, bench, quantize, eval, extract, metric, merge, serve
  case help, completions, version

  /// What the command takes and how help describes it.
  var syntax: CommandSyntax {
    switch self {
    case .ask:
      CommandSyntax(
        summary: "Answer questions about an image.",
        details: """
          Prints each answer on standard output while it is generated. Several questions about \
          one image encode it only once.
          """,
        positionals: [
          Self.image,
          Positional("QUESTION", .many, .text, "Question, in quotes; each gets its own answer."),
        ],
        examples: [
          #"flexvlm ask receipt.png "What is the total?""#,
          #"flexvlm ask scene.jpg "How many birds?" "Which colour is the boat?" --json"#,
          #"flexvlm ask page.png "Who signed it?" --heatmap seen.png"#,
          "flexvlm ask page.png --questions questions.txt --verbose",
          #"flexvlm ask -m llava-7b-Q4_K.gguf --mmproj mmproj.gguf cat.jpg "Which breed?""#,
        ])
    case .explore:
      CommandSyntax(
        summary: "Ask question after question about an image.",
        details: """
          The image is encoded once. Lines are edited and remembered; ':help' lists what can be \
          typed besides questions. Questions may also be piped in, one a line.
          """,
        positionals: [Positional("IMAGE", .one, .file, "\(Self.formats).")],
        examples: ["flexvlm explore receipt.png", "flexvlm explore page.png --policy tidal"])
    case .score:
      CommandSyntax(
        summary: "Compare given answers by how likely the model finds them.",
        details: """
          Prints each option with its loss, the mean negative log-likelihood of its tokens after \
          the question; the lowest is the model's choice.
          """,
        positionals: [
          Self.image,
          Positional("QUESTION", .one, .text, "Question, in quotes."),
        ],
        examples: [
          #"flexvlm score street.jpg "Which colour is the van?" --option red --option blue"#
        ])
    case .cost:
      CommandSyntax(
        summary: "Count what an answer takes, beside other systems.",
        details: """
          Prints FLOPs and memory traffic by formula, stage by stage: of LLaVA-1.5, of all tokens in \
          the language model, of tiles, of cross-attention, of FlexAttention's own code and of \
          flexvlm under a policy.
          """,
        positionals: [
          Positional(
            "MODEL", .optional, .file, "GGUF file; without it, the sizes of FlexAttention 7B.")
        ],
        examples: [
          "flexvlm cost", "flexvlm cost --policy tidal --budget 0.05 --answer-tokens 20",
        ])
    case .inspect:
      CommandSyntax(
        summary: "Show the settings, sizes and tensors of a model.",
        details: "Reads the model file's header and checks it; runs nothing.",
        positionals: [
          Positional("MODEL", .optional, .file, "GGUF file; without it, the default model.")
        ],
        examples: ["flexvlm inspect", "flexvlm inspect model.gguf --tensors"])
    case .bench:
      CommandSyntax(
        summary: "Measure how fast every stage runs.",
        details: """
          Prints time, speed and share of what the machine can do, which is measured in the same \
          run: products in float32 and bfloat16, and reading memory. The best of all rounds counts. \
          Without '--geometry' the model is measured.
          """,
        examples: [
          "flexvlm bench", "flexvlm bench --geometry llava-7b --layers 4 --type Q4_K --json",
        ])
    case .quantize:
      CommandSyntax(
        summary: "Store a model in fewer bits.",
        details: """
          Writes every weight as the nearest number that its type holds, as llama.cpp does; with \
          '--calibrate' the errors of four-bit types are made up for (GPTQ). Vision tower, \
          high-resolution projections and logits keep more bits. Types: \(QuantizationType.names).
          """,
        positionals: [
          Positional("INPUT", .one, .file, "GGUF file in F16, BF16 or F32."),
          Positional("OUTPUT", .one, .file, "File to write."),
          Positional(
            "TYPE", .one, .one(of: QuantizationType.allCases.map(\.rawValue)),
            "How most weights are stored, such as Q4_K."),
        ],
        examples: [
          "flexvlm quantize llava-f16.gguf llava-q4.gguf Q4_K",
          "flexvlm quantize model.gguf small.gguf Q4_0 --calibrate questions",
        ])
    case .eval:
      CommandSyntax(
        summary: "Run a benchmark and score it.",
        details: """
          Appends each answer to the output file as soon as it is there, so that a run that ends \
          early goes on with '--resume'. Prints the score with its 95 % interval. Benchmarks: \
          \(Benchmark.names).
          """,
        positionals: [Self.benchmark],
        examples: [
          "flexvlm eval textvqa -a val.json --images train_images --output a.jsonl",
          "flexvlm eval vstar -a vstar_bench --output v.jsonl --resume --report v.html",
        ])
    case .extract: .extract
    case .metric:
      CommandSyntax(
        summary: "Score answers of an earlier run or of another tool.",
        details: """
          Reads answers files of flexvlm, LLaVA and FlexAttention and scores them as the \
          benchmark's own scripts do. Benchmarks: \(Benchmark.names).
          """,
        positionals: [Self.benchmark],
        examples: ["flexvlm metric textvqa -a val.json --answers a.jsonl --compare b.jsonl"])
    case .merge:
      CommandSyntax(
        summary: "Put the shards of an evaluation or of a table together.",
        details: "Shards must belong to one run and be complete.",
        positionals: [Positional("SHARD", .many, .file, "Answers file or table of a shard.")],
        examples: ["flexvlm merge a.1-of-2.jsonl a.2-of-2.jsonl --output a.jsonl"])
    case .serve:
      CommandSyntax(
        summary: "Answer over HTTP, as OpenAI's API does.",
        details: """
          Clients of OpenAI's chat completions ask at http://HOST:PORT/v1, people at the page \
          http://HOST:PORT/. Needs the program flexvlm-serve beside this one; 'swift build -c release \
          --traits Serve' makes it. Another address than 127.0.0.1 needs a key. SIGTERM and Ctrl-C \
          end the server once it has answered what it was asked.
          """,
        examples: [
          "flexvlm serve", "flexvlm serve -m llava-7b-Q4_K.gguf --mmproj mmproj.gguf --port 8000",
          "flexvlm serve --host 0.0.0.0 --api-key-file key.txt",
        ])
    case .help:
      CommandSyntax(
        summary: "Show help, on one command or on all.",
        positionals: [
          Positional(
            "COMMAND", .optional, .one(of: Self.allCases.map(\.rawValue)), "Command to explain.")
        ])
    case .completions:
      CommandSyntax(
        summary: "Print a script that completes command lines.",
        details: "Load it at the start of the shell, or install it where the shell looks.",
        positionals: [
          Positional(
            "SHELL", .one, .one(of: CompletionScript.allCases.map(\.rawValue)),
            "bash, zsh or fish.")
        ],
        examples: ["flexvlm completions bash"])
    case .version:
      CommandSyntax(summary: "Show the version.")
    }
  }

  static let formats = "PNG, JPEG, WebP or TIFF file"
  private static let image = Positional(
    "IMAGE", .one, .file, "\(formats); '-' is standard input.")
  private static let benchmark = Positional(
    "BENCHMARK", .one, .one(of: Benchmark.allCases.map(\.rawValue)), "Which one, such as textvqa.")
}

/// Everything that options can set, with the defaults: what the scan of the arguments yields.
struct OptionValues: Equatable, Sendable {
  var generation = GenerationSettings()
  var engine = EngineSettings()
  var heatmap = HeatmapSettings()
  var cost = CostSetting()
  var output = OutputSettings()
  var usesImage = true
  var questionsFile: String?
  var promptFile: String?
  var options: [String] = []
  var listsTensors = false
  var printsManual = false
  var bench = BenchRequest()
  var calibration: String?
  var evaluation = EvaluationOptions()
  var server = ServerSettings()
  var keyFile: String?
  var extraction = ExtractionOptions()
  var showsHelp = false
}

extension Option {
  /// All options, in the order that help lists them.
  static let table = extraction + others

  private static let others: [Option] = [
    Option(
      "model", "m", "<file>", .fileName, \.engine.model,
      for: [.ask, .explore, .score, .bench, .eval, .extract, .serve],
      "Model in GGUF; without it, the default model (see 'flexvlm help')."),
    Option(
      "mmproj", nil, "<file>", .fileName, \.engine.projector,
      for: [.ask, .explore, .score, .cost, .inspect, .bench, .quantize, .eval, .extract, .serve],
      "Vision tower of a LLaVA-1.5 model that is in llama.cpp's two files."),
    Option(
      "questions", nil, "<file>", .fileName, \.questionsFile, for: [.ask, .extract],
      """
      Read the questions from a file, one a line, in place of those in the command; '-' is standard \
      input.
      """),
    Option(
      "prompt-file", nil, "<file>", .fileName, \.promptFile, for: [.ask, .score],
      """
      Use a file's text as the whole prompt, with its '<image>' marker, in place of QUESTION and \
      the model's template.
      """),
    Option(
      "prompt-template", nil, "<text>", .promptTemplate, \.engine.promptTemplate,
      for: [.ask, .explore, .score, .eval, .extract, .serve],
      """
      Use a text in place of the model's template, with the places '<image>' and '{question}'; '\\n' \
      is a line feed.
      """),
    Option(
      "option", "o", "<text>", .text, \.options, least: 2, for: [.score],
      "Answer to compare; give two or more."),
    Option(
      "calibrate", nil, "<folder>", .fileName, \.calibration, for: [.quantize],
      """
      Make up for errors on these questions: a folder of images and questions.jsonl, one JSON \
      object a line with 'question_id', 'image' and 'text'.
      """),
    Option(
      "annotations", "a", "<path>", .fileName, \.evaluation.annotations, least: 1,
      for: [.eval, .metric],
      """
      The benchmark's questions and truths: a file, for vstar, magnifier and rsvqa also a folder; \
      again for benchmarks of several files.
      """),
    Option(
      "images", nil, "<path>", .fileName, \.evaluation.images, for: [.eval, .metric],
      """
      Folder of the images, for magnifier also their file; not needed for folders of vstar, magnifier \
      and rsvqa.
      """),
    Option(
      "answers", nil, "<file>", .fileName, \.evaluation.answers, isRequired: true, for: [.metric],
      "Answers to score."),
    Option(
      "compare", nil, "<file>", .fileName, \.evaluation.comparison, for: [.metric],
      "Other answers to the same questions, compared pair by pair."),
    Option(
      "output", "o", "<file>", .fileName, \.evaluation.output, isRequired: true,
      for: [.eval, .merge],
      "File to write, one JSON object a line for each answer; a shard adds its number to the name."),
    Option(
      flag: "resume", nil, \.evaluation.resumes, for: [.eval, .extract],
      "Go on where an earlier run of the same settings ended."),
    Option(
      "offset", nil, "<count>", .wholeNumber(0...1_000_000_000), \.evaluation.offset, for: [.eval],
      "Leave out questions at the start."),
    Option(
      "limit", nil, "<count>", .wholeNumber(1...1_000_000_000), \.evaluation.limit, for: [.eval],
      "Ask so many questions at most."),
    Option(
      "shard", nil, "<i/n>", .shard, \.evaluation.shard, for: [.eval, .extract],
      """
      Ask the i-th of n parts only, for 'flexvlm merge'; without it, as Slurm's job array or MPI \
      says.
      """),
    Option(
      flag: "strict", nil, \.evaluation.isStrict, for: [.eval],
      "Stop at an image that cannot be read, in place of counting it as wrong."),
    Option(
      "report", nil, "<file>", .fileName, \.evaluation.report, for: [.eval, .metric],
      "Write a page with scores, images, selected cells and answers, as HTML."),
    Option(
      "ocr-tokens", nil, "<mode>", .choice(), \.evaluation.ocrTokens, for: [.eval, .metric],
      "Whether prompts of textvqa and jsonl list the words that an OCR system found."),
    Option(
      "option-scoring", nil, "<mode>", .choice(), \.evaluation.optionProtocol,
      for: [.eval, .metric],
      "Compare the options of vstar as FlexAttention does or as the benchmark's own script."),
    Option(
      "workers", nil, "<count>", .wholeNumber(1...1024), \.evaluation.workers,
      for: [.eval, .extract, .serve],
      """
      Questions to work on at the same time, each with its part of the threads; without it, as \
      suits the model's size.
      """),
    Option(
      "max-tokens", "n", "<count>", .wholeNumber(1...4096), \.generation.maxTokens,
      for: [.ask, .explore, .eval, .extract],
      "Longest answer, in tokens; without it 512, or for benchmarks and tables 128."),
    Option(
      "temperature", nil, "<number>", .number(0...2), \.generation.temperature,
      for: [.ask, .explore],
      "How freely tokens are drawn; 0 always takes the likeliest."),
    Option(
      "top-p", nil, "<number>", .number(0...1), \.generation.topP, for: [.ask, .explore],
      "Draw only among the likeliest tokens that hold this much probability."),
    Option(
      "seed", nil, "<number>", .wholeNumber(0...4_294_967_295), \.generation.seed,
      for: [.ask, .explore, .eval, .extract],
      "Start of the random numbers; the same seed gives the same answer."),
    Option(
      "policy", nil, "<name>", .choice(), \.engine.policy,
      for: [.ask, .explore, .score, .cost, .eval, .extract],
      """
      Which high-resolution tokens are attended to: FlexAttention's (flex), as many cells always \
      (flex-fixed), those of TidalDecode, HiRED, PruMerge or PruMerge+, random or centre cells, \
      none, or all.
      """),
    Option(
      "budget", nil, "<share>", .number(0...1), \.engine.budget,
      for: [.ask, .explore, .score, .cost, .eval, .extract],
      "Share that a policy with a budget selects, in place of its own 0.1 (hired: 0.2)."),
    Option(
      flag: "compat", nil, \.engine.isCompatible, for: [.ask, .explore, .score, .eval, .extract],
      "With 'hired' or 'random': select as their published code does, not as described."),
    Option(
      "threshold", nil, "<level>", .wholeNumber(0...255), \.engine.threshold,
      for: [.ask, .explore, .score, .eval, .extract],
      "Attention above which 'flex' selects a cell, in place of the model's own."),
    Option(
      "selected", nil, "<share>", .number(0...1), \.cost.selected, for: [.cost],
      """
      Share of the high-resolution tokens that a layer sees, as measured; without it, the policy's \
      budget or 0.1.
      """),
    Option(
      "crops", nil, "<count>", .wholeNumber(0...4096), \.cost.crops,
      for: [.cost, .bench],
      "Crops that are encoded; without it, all."),
    Option(
      "text-tokens", nil, "<count>", .wholeNumber(1...100_000), \.cost.textTokens,
      for: [.cost, .bench],
      "Prompt tokens besides the image's."),
    Option(
      "answer-tokens", nil, "<count>", .wholeNumber(1...100_000), \.cost.answerTokens,
      for: [.cost],
      "Tokens of the answer, its end among them."),
    Option(
      "geometry", nil, "<name>", .choice(), \.bench.geometry, for: [.bench],
      "Measure these sizes with random weights, in place of a model."),
    Option(
      "layers", nil, "<count>", .wholeNumber(1...1024), \.bench.layers, for: [.bench],
      "Cut the sizes to so many layers of decoder and tower."),
    Option(
      "type", nil, "<name>", .quantizationType, \.bench.type, for: [.bench],
      "How most random weights are stored, such as Q4_K."),
    Option(
      "rounds", nil, "<count>", .wholeNumber(1...1000), \.bench.rounds, for: [.bench],
      "Times that everything is measured, in turn."),
    Option(
      "alpha", nil, "<mode>", .choice(), \.engine.alpha,
      for: [.ask, .explore, .score, .eval, .extract],
      "Drop an image's transparency or lay it over white."),
    Option(
      flag: "no-exif", nil, \.engine.appliesEXIFOrientation, sets: false,
      for: [.ask, .explore, .score, .eval, .extract],
      "Ignore the orientation that a JPEG records."),
    Option(
      flag: "no-image", nil, \.usesImage, sets: false, for: [.ask],
      "Ask without an image: every argument is a question."),
    Option(
      flag: "tensors", nil, \.listsTensors, for: [.inspect],
      "List every tensor with its type and shape."),
    Option(
      "threads", "t", "<count>", .wholeNumber(1...1024), \.engine.threads,
      for: [.ask, .explore, .score, .bench, .quantize, .eval, .extract, .serve],
      "Threads to compute with; without it, one for each core."),
    Option(
      "precision", nil, "<name>", .choice(), \.engine.precision,
      for: [.ask, .explore, .score, .bench, .eval, .extract, .serve],
      """
      Compute matrix products the exact way (float32), or in bfloat16 with sums in float32, which \
      is faster; 'auto' takes bfloat16 where the processor has instructions for it.
      """),
    Option(
      "cache", nil, "<folder>", .fileName, \.engine.cache, for: [.ask, .explore, .score],
      """
      Keep features, keys and values of images there, so that a later question about one runs only \
      what is new; at most 8 GiB, those not used for longest go first. Safe to delete.
      """),
    Option(
      "heatmap", nil, "<file>", .fileName, \.heatmap.file, for: [.ask],
      """
      Draw the image with the cells that were seen, the model's attention and the answer, as PNG; \
      with several questions, numbered files.
      """),
    Option(
      "heatmap-layers", nil, "<file>", .fileName, \.heatmap.layersFile, for: [.ask],
      "Draw a contact sheet of the cells of every layer and token, as PNG."),
    Option(
      flag: "show", nil, \.heatmap.isShown, for: [.ask],
      "Show the heat-map in the terminal, if it is one that shows pictures."),
    Option(
      "trace", nil, "<file>", .fileName, \.output.traceFile, for: [.ask, .score],
      "Write tokens, logits and selected cells of every step to a file, as JSON."),
    Option(
      flag: "json", nil, \.output.json,
      for: [.ask, .score, .inspect, .bench, .eval, .metric, .merge, .cost],
      "Print JSON in place of text."),
    Option(
      "host", nil, "<address>", .text, \.server.host, for: [.serve],
      "Address or name of this machine to listen on."),
    Option(
      "port", nil, "<number>", .wholeNumber(0...65_535), \.server.port, for: [.serve],
      "Port to listen on; 0 takes a free one."),
    Option(
      "api-key-file", nil, "<file>", .fileName, \.keyFile, for: [.serve],
      "File with the key that clients must send; without it, FLEXVLM_API_KEY, or none."),
    Option(
      "queue", nil, "<count>", .wholeNumber(0...10_000), \.server.queue, for: [.serve],
      "Requests that may wait for their turn; more are told to come again."),
    Option(
      "image-memory", nil, "<MiB>", .wholeNumber(0...1_000_000), \.server.imageMemory,
      for: [.serve],
      "Memory for images that were asked about, so that they are encoded once."),
    Option(
      "max-body", nil, "<MiB>", .wholeNumber(1...1024), \.server.bodyLimit, for: [.serve],
      "Largest request, and largest image."),
    Option(
      "timeout", nil, "<seconds>", .wholeNumber(1...86_400), \.server.timeout, for: [.serve],
      "Time for an answer, waiting included."),
    Option(
      "media-path", nil, "<folder>", .fileName, \.server.mediaPath, for: [.serve],
      "Let clients ask about images in this folder, by 'file://' addresses."),
    Option(
      flag: "allow-remote-images", nil, \.server.allowsRemoteImages, for: [.serve],
      "Fetch images from 'http://' and 'https://' addresses of the public internet."),
    Option(
      "cors-origin", nil, "<origin>", .text, \.server.origin, for: [.serve],
      "Let pages of this origin call the server, '*' those of all."),
    Option(
      flag: "verbose", "v", \.output.verbose, for: [.ask, .score, .serve],
      "Report on standard error: times, selected cells and memory, or each request."),
    Option(
      flag: "man", nil, \.printsManual, for: [.help],
      "Print the manual page, as man reads it."),
    Option(
      flag: "help", "h", \.showsHelp, for: Command.allCases, "Show this help."),
  ]
}
