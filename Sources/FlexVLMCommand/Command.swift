import FlexVLM

// Every command of flexvlm: CommandLineReader parses by this table and that of options, HelpText prints
// them, the tests enumerate them.

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
