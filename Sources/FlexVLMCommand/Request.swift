import FlexVLM

/// What the user asked for: typed, within its limits, ready to run.
enum Request: Equatable, Sendable {
  case ask(AskRequest)
  case explore(ExploreRequest)
  case score(ScoreRequest)
  case cost(CostRequest)
  case inspect(InspectRequest)
  case bench(BenchRequest)
  case quantize(QuantizeRequest)
  case eval(EvalRequest)
  case extract(ExtractRequest)
  case metric(MetricRequest)
  case merge(MergeRequest)
  case serve(ServeRequest)
  case help(Command?)
  /// The manual page.
  case manual
  case completions(CompletionScript)
  case version
}

/// `flexvlm ask`: answers to questions about one image, or about none.
struct AskRequest: Equatable, Sendable {
  /// Where the questions come from; exactly one source.
  enum Prompts: Equatable, Sendable {
    /// Questions for the model's prompt template, in order; at least one, none empty.
    case questions([String])
    /// File with one question a line; `-` is standard input.
    case questionsFile(String)
    /// File with one whole prompt, taken verbatim in place of the template.
    case promptFile(String)
  }

  /// Path of the image; nil asks without one.
  var image: String?
  var prompts: Prompts
  var generation = GenerationSettings()
  var engine = EngineSettings()
  var heatmap = HeatmapSettings()
  var output = OutputSettings()
}

/// `flexvlm explore`: a conversation about one image.
struct ExploreRequest: Equatable, Sendable {
  /// Path of the image.
  var image: String
  var generation = GenerationSettings()
  var engine = EngineSettings()
}

/// `flexvlm score`: the loss of each given answer.
struct ScoreRequest: Equatable, Sendable {
  /// What the model reads before each option.
  enum Prompt: Equatable, Sendable {
    /// Question for the model's prompt template; not empty.
    case question(String)
    /// File with the whole prompt, taken verbatim in place of the template.
    case promptFile(String)
  }

  /// Path of the image.
  var image: String
  var prompt: Prompt
  /// Answers to compare, in the order given; at least two, none empty.
  var options: [String]
  var engine = EngineSettings()
  var output = OutputSettings()
}

/// `flexvlm cost`: what an answer takes, beside other systems.
struct CostRequest: Equatable, Sendable {
  /// Path of the model; nil is the published 7B one, of which no file is needed.
  var model: String?
  var projector: String?
  var setting = CostSetting()
  var json = false
}

/// `flexvlm inspect`: what a model file holds.
struct InspectRequest: Equatable, Sendable {
  /// Path of the model; nil is the default model (`ModelLocation`).
  var model: String?
  var projector: String?
  var listsTensors = false
  var json = false
}

/// `flexvlm bench`: how fast every stage runs.
struct BenchRequest: Equatable, Sendable {
  /// Sizes to measure with random weights; nil measures the engine's model.
  var geometry: Geometry?
  /// Layers of decoder and tower; nil for all.
  var layers: Int?
  /// How random weights are stored.
  var type = QuantizationType.q80
  var rounds = 3
  /// Crops that the tower encodes at a time; nil for all of an image.
  var crops: Int?
  /// Prompt tokens besides the image's.
  var textTokens = CostSetting().textTokens
  var engine = EngineSettings()
  var json = false
}

/// `flexvlm quantize`: a model in fewer bits.
struct QuantizeRequest: Equatable, Sendable {
  /// Path of a file in 16 or 32 bits.
  var input: String
  /// Path of a file that does not exist.
  var output: String
  var type: QuantizationType
  /// Folder of images and questions; nil rounds to the nearest.
  var calibration: String?
  /// The vision tower, to calibrate a pair.
  var projector: String?
  var threads: Int?
}

/// How long an answer may get and how its tokens are drawn.
struct GenerationSettings: Equatable, Sendable {
  /// Nil leaves it to what is asked for: an answer may be long, a benchmark's is short.
  var maxTokens: Int?
  /// 0 is greedy decoding.
  var temperature = 0.0
  /// Probability mass that sampling keeps; 1 keeps every token.
  var topP = 1.0
  var seed = 0
}

/// Which model runs and how it reads the image.
struct EngineSettings: Equatable, Sendable {
  /// Path of the model; nil is the default model (`ModelLocation`).
  var model: String?
  /// Takes the place of the model's own.
  var promptTemplate: String?
  /// Path of the vision tower, for a model in llama.cpp's two files.
  var projector: String?
  var policy = SelectionPolicy.flex
  /// Overrides the policy's own share; 0 to 1.
  var budget: Double?
  /// Selects as the policy's published code does.
  var isCompatible = false
  /// Overrides the model's own selection threshold; 0 to 255.
  var threshold: Int?
  var alpha = ImageReadingOptions.Alpha.drop
  var appliesEXIFOrientation = true
  /// Threads of the engine; nil lets it choose.
  var threads: Int?
  var precision = Precision.auto
  /// Folder that keeps what was made of images.
  var cache: String?
}

/// What is printed besides the answer, and in which form.
struct OutputSettings: Equatable, Sendable {
  var json = false
  var verbose = false
  /// File that receives the token-by-token trace as JSON.
  var traceFile: String?
}

/// `flexvlm eval`: a benchmark run and scored.
struct EvalRequest: Equatable, Sendable {
  var benchmark: Benchmark
  /// At least one.
  var annotations: [String]
  /// Nil where the annotations bring them.
  var images: String?
  /// Answers file.
  var output: String
  var evaluation = EvaluationSettings()
  /// Nil is the benchmarks' usual limit.
  var maxTokens: Int?
  /// Of a random policy.
  var seed = GenerationSettings().seed
  var engine = EngineSettings()
  var json = false
}

/// `flexvlm extract`: the same questions about many images.
struct ExtractRequest: Equatable, Sendable {
  /// Where the columns come from.
  enum Questions: Equatable, Sendable {
    /// At least one.
    case columns([TableColumn])
    /// File with a column on each line; `-` is standard input.
    case file(String)
  }

  /// Files, folders, or `-` for a list on standard input; at least one.
  var images: [String]
  var questions: Questions
  var table = AnswerTable.Options()
  /// Whether folders in folders are looked into.
  var isRecursive = false
  /// File of the table; nil is standard output.
  var output: String?
  var evaluation = EvaluationSettings()
  /// Nil is the benchmarks' usual limit.
  var maxTokens: Int?
  /// Of a random policy.
  var seed = GenerationSettings().seed
  var engine = EngineSettings()
}

/// `flexvlm metric`: answers scored.
struct MetricRequest: Equatable, Sendable {
  var benchmark: Benchmark
  /// At least one.
  var annotations: [String]
  /// Nil where the annotations bring them, or no report shows them.
  var images: String?
  var answers: String
  var evaluation = EvaluationSettings()
  var json = false
}

/// `flexvlm merge`: shards put together.
struct MergeRequest: Equatable, Sendable {
  /// At least one.
  var shards: [String]
  var output: String
  var json = false
}

/// `flexvlm serve`: answers over HTTP.
struct ServeRequest: Equatable, Sendable {
  /// What the engine takes of them: model, template and threads.
  var engine = EngineSettings()
  /// The model and the key are not yet filled in.
  var server = ServerSettings()
  var keyFile: String?
}

/// The options of the commands around benchmarks.
struct EvaluationSettings: Equatable, Sendable {
  enum OCRTokens: String, CaseIterable, Sendable {
    case off, on
  }

  /// Other answers to the same questions.
  var comparison: String?
  var resumes = false
  var offset = 0
  var limit: Int?
  /// Nil lets the environment decide.
  var shard: Shard?
  var isStrict = false
  /// HTML file of the report.
  var report: String?
  var ocrTokens = OCRTokens.off
  var optionProtocol = BenchmarkOptions.OptionProtocol.flex
  /// Nil chooses by the model's size.
  var workers: Int?
}

extension Benchmark {
  /// All names, as help lists them.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
