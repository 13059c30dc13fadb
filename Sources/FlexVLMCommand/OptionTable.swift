import FlexVLM

// Every option of flexvlm, declared once.

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
  var annotations: [String] = []
  var images: String?
  var answers: String?
  /// Of answers or a table.
  var outputFile: String?
  var evaluation = EvaluationSettings()
  var server = ServerSettings()
  var keyFile: String?
  var extraction = ExtractionSettings()
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
      "annotations", "a", "<path>", .fileName, \.annotations, least: 1,
      for: [.eval, .metric],
      """
      The benchmark's questions and truths: a file, for vstar, magnifier and rsvqa also a folder; \
      again for benchmarks of several files.
      """),
    Option(
      "images", nil, "<path>", .fileName, \.images, for: [.eval, .metric],
      """
      Folder of the images, for magnifier also their file; not needed for folders of vstar, magnifier \
      and rsvqa.
      """),
    Option(
      "answers", nil, "<file>", .fileName, \.answers, isRequired: true, for: [.metric],
      "Answers to score."),
    Option(
      "compare", nil, "<file>", .fileName, \.evaluation.comparison, for: [.metric],
      "Other answers to the same questions, compared pair by pair."),
    Option(
      "output", "o", "<file>", .fileName, \.outputFile, isRequired: true,
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
