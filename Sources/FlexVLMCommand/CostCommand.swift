import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm cost`: operations and memory of an answer by formula, beside other ways to read a
/// high-resolution image.
enum CostCommand {
  private struct Report: Encodable {
    struct Stage: Encodable {
      let flops: Double
      let bytes: Double

      init(_ cost: Cost) { (flops, bytes) = (cost.flops, cost.bytes) }
    }
    let system: String
    let summary: String
    let lowView, highView, prompt, highKeyValues, answer, total: Stage
    /// TFLOPs in FlexAttention's paper.
    let published: Double?

    init(_ system: SystemCost) {
      self.system = system.name
      summary = system.summary
      lowView = Stage(system.stages.lowView)
      highView = Stage(system.stages.highView)
      prompt = Stage(system.stages.prompt)
      highKeyValues = Stage(system.stages.highKeyValues)
      answer = Stage(system.stages.answer)
      total = Stage(system.stages.total)
      published = system.published
    }
  }

  static func run(_ request: CostRequest, terminal: Terminal) throws {
    let model = try costModel(of: request)
    let systems = model.comparison(request.setting)
    if request.json {
      try terminal.output.write(JSON.line(systems.map(Report.init)))
      return
    }
    try terminal.output.write(heading(model, request.setting) + "\n\n")
    try table(systems).write(to: terminal.output)
    try terminal.output.write(
      "\n" + systems.map { "\($0.name): \($0.summary).\n" }.joined())
  }

  private static func costModel(of request: CostRequest) throws(CommandError) -> CostModel {
    guard let path = request.model else { return CostModel(.official7B) }
    var engine = EngineSettings()
    (engine.model, engine.projector) = (path, request.projector)
    let model = try engine.loadModel()
    return CostModel(
      model.configuration,
      weightBytes: Double(model.byteCount) / Double(max(model.parameterCount, 1)))
  }

  private static func heading(_ model: CostModel, _ setting: CostSetting) -> String {
    let high =
      model.highTokens > 0
      ? ", \(model.highTokens) of the high one in \(counted(model.cropCount, "crop"))" : ""
    return "\(model.configuration.name): \(model.lowTokens) tokens of the low view\(high); "
      + "\(counted(setting.textTokens, "text token")), \(setting.answerTokens) of the answer"
  }

  /// A line for each system.
  private static func table(_ systems: [SystemCost]) -> TextTable {
    let largest = systems.map(\.stages.total.flops).max() ?? 0
    let (unit, scale) = largest >= 1e11 ? ("TFLOP", 1e12) : ("GFLOP", 1e9)
    let hasPaper = systems.contains { $0.published != nil }
    let header =
      [unit, "vision", "prompt", "high k, v", "answer", "total"] + (hasPaper ? ["paper"] : [])
      + ["GB moved"]
    let rows = systems.map { system in
      let stages = system.stages
      let numbers = [
        stages.encoder, stages.prompt, stages.highKeyValues, stages.answer, stages.total,
      ]
      .map { number($0.flops / scale) }
      let paper = hasPaper ? [system.published.map(number) ?? ""] : []
      return [system.name] + numbers + paper + [number(stages.total.bytes / 1e9)]
    }
    return TextTable(header: header, rows: rows)
  }

  /// Three digits at least, no more than two behind the point; a dash for nothing.
  private static func number(_ value: Double) -> String {
    if value == 0 { return "–" }
    let places = value >= 10 ? 1 : value >= 0.1 ? 2 : 3
    let scale = [1: 10.0, 2: 100.0, 3: 1000.0][places]!
    let scaled = Int((value * scale).rounded())
    let fraction = "\(scaled % Int(scale))"
    return "\(scaled / Int(scale))."
      + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
