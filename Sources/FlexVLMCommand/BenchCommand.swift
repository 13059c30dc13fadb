import FlexVLM

/// `flexvlm bench`: the time of every stage beside what the machine can do.
enum BenchCommand {
  private struct Report: Encodable {
    struct Stage: Encodable {
      let stage: String
      let detail: String
      let milliseconds: Double
      /// GFLOP/s of matrix products, GB/s where memory is the bound.
      let rate: Double
      /// The ceiling that bounds it, and the share of it that is reached.
      let bound: String
      let share: Double
    }
    let model: String
    let type: String
    let layers: Int
    let threads: Int
    let products: String
    /// GFLOP/s, and of memory GB/s.
    let ceilings: [String: Double]
    let stages: [Stage]
  }

  static func run(_ request: BenchRequest, terminal: Terminal) throws {
    let benchmark = try benchmark(request)
    benchmark.run(
      rounds: request.rounds, crops: request.crops, textTokens: request.textTokens
    ) { round in
      if terminal.error.isTerminal { terminal.note("round \(round) of \(request.rounds)") }
    }
    if request.json { return try terminal.output.write(JSON.line(report(benchmark))) }
    try write(benchmark, to: terminal.output)
  }

  private static func benchmark(_ request: BenchRequest) throws(CommandError) -> StageBenchmark {
    guard let geometry = request.geometry else {
      let model = try request.engine.loadModel()
      do {
        return try StageBenchmark(model)
      } catch {
        throw CommandError(error)
      }
    }
    try request.engine.checkPrecision()
    do {
      return try StageBenchmark(
        geometry, layers: request.layers, type: request.type, threads: request.engine.threads,
        precision: request.engine.precision)
    } catch {
      throw CommandError(error)
    }
  }

  private static func report(_ benchmark: StageBenchmark) -> Report {
    let ceilings = benchmark.ceilings
    return Report(
      model: benchmark.configuration.name, type: benchmark.fileType,
      layers: benchmark.configuration.language.layerCount, threads: benchmark.threads,
      products: ComputeBackend.products(benchmark.precision),
      ceilings: Dictionary(
        uniqueKeysWithValues: Ceilings.Kind.allCases.compactMap { kind in
          ceilings[kind].map { (kind.rawValue, $0 / 1e9) }
        }),
      stages: benchmark.stages.map { stage in
        Report.Stage(
          stage: stage.name, detail: stage.detail, milliseconds: stage.seconds * 1e3,
          rate: stage.rate / 1e9, bound: stage.bound.rawValue, share: stage.share(of: ceilings))
      })
  }

  private static func write(
    _ benchmark: StageBenchmark, to output: TextOutput
  ) throws(CommandError) {
    let report = report(benchmark)
    let ceilings = Ceilings.Kind.allCases.compactMap { kind in
      report.ceilings[kind.rawValue].map { "\(kind.rawValue) \(round($0)) \(unit(kind.rawValue))" }
    }
    let rows = report.stages.map { stage in
      [
        stage.stage, stage.detail, round(stage.milliseconds),
        "\(round(stage.rate)) \(unit(stage.bound))",
        "\(Int((stage.share * 100).rounded())) % of \(stage.bound)",
      ]
    }
    try output.write(
      """
      \(report.model), \(counted(report.layers, "layer")), \(report.type); \
      \(counted(report.threads, "thread")); products in \(report.products)
      ceilings: \(ceilings.joined(separator: ", "))


      """)
    try TextTable(
      header: ["stage", "of", "ms", "speed", "ceiling"], rows: rows, leftColumns: [1]
    ).write(to: output)
  }

  private static func unit(_ ceiling: String) -> String {
    ceiling == Ceilings.Kind.memory.rawValue ? "GB/s" : "GFLOP/s"
  }

  /// Three digits or so.
  private static func round(_ value: Double) -> String {
    if value >= 100 { return "\(Int(value.rounded()))" }
    let scale = value >= 10 ? 10.0 : 100.0
    return "\((value * scale).rounded() / scale)"
  }
}
