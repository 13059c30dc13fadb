import FlexVLM

/// `flexvlm bench`: the time of every stage beside what the machine can do.
enum BenchCommand {
  private struct Report: Encodable {
    struct Ceilings: Encodable {
      let float32Gflops: Double
      let bfloat16Gflops: Double?
      let memoryGigabytes: Double
    }
    struct Stage: Encodable {
      let stage: String
      let detail: String
      let milliseconds: Double
      /// Of matrix products; one of the two is there.
      let gflops: Double?
      let gigabytes: Double?
      /// Of the ceiling for what is counted.
      let share: Double
    }
    let model: String
    let type: String
    let layers: Int
    let threads: Int
    let products: String
    /// A second, as are the stages'.
    let ceilings: Ceilings
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
      ceilings: Report.Ceilings(
        float32Gflops: ceilings.float32 / 1e9, bfloat16Gflops: ceilings.bfloat16.map { $0 / 1e9 },
        memoryGigabytes: ceilings.memory / 1e9),
      stages: benchmark.stages.map { stage in
        var (operations, bytes): (Double?, Double?) = (nil, nil)
        switch stage.work {
        case .operations: operations = stage.rate / 1e9
        case .bytes: bytes = stage.rate / 1e9
        }
        return Report.Stage(
          stage: stage.name, detail: stage.detail, milliseconds: stage.seconds * 1e3,
          gflops: operations, gigabytes: bytes, share: stage.share(of: ceilings))
      })
  }

  private static func write(
    _ benchmark: StageBenchmark, to output: TextOutput
  ) throws(CommandError) {
    let report = report(benchmark)
    let products = report.ceilings.bfloat16Gflops.map { "bfloat16 \(round($0)) GFLOP/s, " } ?? ""
    let rows = report.stages.map { stage in
      [
        stage.stage, stage.detail, round(stage.milliseconds),
        stage.gflops.map { "\(round($0)) GFLOP/s" } ?? "\(round(stage.gigabytes ?? 0)) GB/s",
        "\(Int((stage.share * 100).rounded())) %",
      ]
    }
    try output.write(
      """
      \(report.model), \(report.layers) layers, \(report.type); products in \(report.products), \
      \(report.threads) threads
      ceilings: float32 \(round(report.ceilings.float32Gflops)) GFLOP/s, \(products)\
      memory \(round(report.ceilings.memoryGigabytes)) GB/s


      """)
    try TextTable(
      header: ["stage", "of", "ms", "speed", "of ceiling"], rows: rows, leftColumns: [1]
    ).write(to: output)
  }

  /// Three digits or so.
  private static func round(_ value: Double) -> String {
    if value >= 100 { return "\(Int(value.rounded()))" }
    let scale = value >= 10 ? 10.0 : 100.0
    return "\((value * scale).rounded() / scale)"
  }
}
