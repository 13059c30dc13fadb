import FlexVLM

/// `flexvlm metric`: scores answers without running anything.
enum MetricCommand {
  static func run(_ request: MetricRequest, terminal: Terminal) throws {
    let data = try BenchmarkData.read(
      request.benchmark, request.annotations, images: request.images, request.evaluation)
    try EvaluationSummary(
      data, answers: request.answers, model: nil, policy: nil, request.evaluation
    ).show(json: request.json, on: terminal.output)
  }
}
