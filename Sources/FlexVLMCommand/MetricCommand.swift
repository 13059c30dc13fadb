import FlexVLM

/// `flexvlm metric`: scores answers without running anything.
enum MetricCommand {
  static func run(_ request: MetricRequest, terminal: Terminal) async throws {
    let options = request.evaluation
    let data = try BenchmarkData.read(
      request.benchmark, request.annotations, images: options.images, options)
    try EvaluationSummary(
      data, answers: request.answers, model: nil, policy: nil, options
    ).show(json: request.json, on: terminal.output)
  }
}
