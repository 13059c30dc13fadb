import FlexVLM

// What the command line of `extract` has that no other's has.

/// The options of `extract` alone.
struct ExtractionSettings: Equatable, Sendable {
  var columns: [TableColumn] = []
  var isRecursive = false
  var isCSV = false
  var isJSONL = false
  var table = AnswerTable.Options()
}

extension CommandSyntax {
  static var extract: CommandSyntax {
    CommandSyntax(
      summary: "Ask the same questions about many images, for a table.",
      details: """
        Writes a row for each image, in the order given, with a column for each question and one \
        for what went wrong: an image that cannot be read costs its row alone, and the exit code \
        tells of it. The table is CSV (RFC 4180, with a header), or JSON lines where '--jsonl' or \
        the name of the output says so. Beside it lie the answers (FILE.answers) that '--resume' \
        goes on from and draws the table of anew, in another format or with another \
        '--min-confidence' too. A folder stands for the images in it; a file of questions has \
        name=question on each line.
        """,
      positionals: [
        Positional(
          "IMAGE", .many, .file,
          "\(Command.formats), or a folder of them; '-' is a list on standard input, one a line.")
      ],
      examples: [
        #"flexvlm extract receipts -q "total=What is the total?" -o receipts.csv"#,
        "flexvlm extract scans --recursive --questions ask.txt -o scans.csv --resume",
        #"flexvlm extract *.png -q "who=Who signed it?" --jsonl --min-confidence 0.8"#,
      ])
  }
}

extension Option {
  static let extraction: [Option] = [
    Option(
      "question", "q", "<name=question>", .column, \.extraction.columns, least: 0,
      for: [.extract], "Name of a column and the question that fills it; again for each column."),
    Option(
      flag: "recursive", "r", \.extraction.isRecursive, for: [.extract],
      "Look into the folders in a folder too."),
    Option(
      flag: "csv", nil, \.extraction.isCSV, for: [.extract],
      "Write comma-separated values, whatever the output is called."),
    Option(
      flag: "jsonl", nil, \.extraction.isJSONL, for: [.extract],
      "Write a JSON object on each line, null where there is no answer."),
    Option(
      flag: "confidence", nil, \.extraction.table.showsConfidence, for: [.extract],
      """
      Add two columns to each question: the geometric mean of the probabilities of the answer's \
      tokens, and the probability of the first.
      """),
    Option(
      "min-confidence", nil, "<number>", .number(0...1), \.extraction.table.minimumConfidence,
      for: [.extract], "Leave answers out whose tokens have a lower mean probability."),
    Option(
      flag: "formulas", nil, \.extraction.table.allowsFormulas, for: [.extract],
      """
      Let cells of a CSV begin as formulas do; without it, those get an apostrophe, so that no \
      spreadsheet runs them.
      """),
    Option(
      "output", "o", "<table>", .fileName, \.outputFile, for: [.extract],
      """
      File of the table, which else goes to standard output; a shard adds its number to the name.
      """),
  ]
}

extension CommandLineReader {
  mutating func extractRequest() throws(UsageError) -> ExtractRequest {
    var images = [try positional("IMAGE")]
    while !positionals.isEmpty { images.append(try positional("IMAGE")) }
    try refuseSharedFiles([
      ("IMAGE", images.first { $0 == "-" }), ("'--questions'", values.questionsFile),
      ("'--output'", values.outputFile),
    ])
    let (options, output) = (values.extraction, values.outputFile)
    if options.isCSV, options.isJSONL { throw error(.conflictingOptions("--csv", "--jsonl")) }
    var table = options.table
    let isNamedJSONL = output.map { $0.hasSuffix(".jsonl") || $0.hasSuffix(".ndjson") } ?? false
    table.format = options.isJSONL || (isNamedJSONL && !options.isCSV) ? .jsonl : .csv
    if output == nil, values.evaluation.resumes { throw error(.missingOption("--output <table>")) }
    return ExtractRequest(
      images: images, questions: try extractQuestions(), table: table,
      isRecursive: options.isRecursive, output: output, evaluation: values.evaluation,
      maxTokens: values.generation.maxTokens, seed: values.generation.seed, engine: values.engine)
  }

  private func extractQuestions() throws(UsageError) -> ExtractRequest.Questions {
    let columns = values.extraction.columns
    if let file = values.questionsFile {
      guard columns.isEmpty else { throw error(.conflictingOptions("--question", "--questions")) }
      return .file(file)
    }
    guard !columns.isEmpty else { throw error(.missingOption("--question <name=question>")) }
    return .columns(columns)
  }
}
