import FlexVLM

/// `flexvlm quantize`: a model file -> the same model in fewer bits.
enum QuantizeCommand {
  static func run(_ request: QuantizeRequest, terminal: Terminal) throws {
    Interruption.deferToRequest()
    do {
      let quantizer = try ModelQuantizer(
        contentsOfFile: request.input, to: request.type, threads: request.threads)
      let calibration = try request.calibration.map { folder in
        try Calibration(
          VisionLanguageModel(
            contentsOfFile: request.input, projector: request.projector, threads: request.threads),
          folder: folder)
      }
      let summary = try quantizer.write(
        to: request.output, calibration: calibration,
        isCancelled: { Interruption.isRequested })
      try terminal.output.write("\(request.output): \(text(of: summary))\n")
    } catch is CancellationError {
      terminal.note("Interrupted; nothing was written.")
      throw CommandError.interrupted
    } catch let error as WeightsError {
      throw CommandError(error)
    } catch let error as EvaluationError {
      throw CommandError(error)
    } catch let error as ImageError {
      throw CommandError(error)
    } catch let error as InferenceError {
      throw CommandError(error)
    }
  }

  private static func text(of summary: ModelQuantizer.Summary) -> String {
    let types = summary.tensors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    let mebibytes = (Double(summary.bytes) / Double(1 << 20) * 10).rounded() / 10
    let compensated =
      summary.compensated > 0 ? "; errors made up for in \(summary.compensated)" : ""
    return "\(mebibytes) MiB, tensors \(types)\(compensated)"
  }
}
