import FlexVLM
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm explore`: question after question about one image, which is encoded once.
enum ExploreCommand {
  static func run(_ request: ExploreRequest, terminal: Terminal) throws {
    let model = try request.engine.loadModel()
    let picture = try request.engine.readImage(request.image)
    let image = try request.engine.encode(picture, model, try request.engine.imageCache())
    defer { image.store(terminal) }
    var session = ExploreSession(
      model: model, picture: picture, image: image,
      options: GenerationOptions(
        request.generation, request.engine.selectionOptions(seed: request.generation.seed)),
      terminal: terminal)
    var lines = LineReader(
      isInteractive: isatty(STDIN_FILENO) == 1 && terminal.output.isTerminal,
      environment: ProcessInfo.processInfo.environment)
    if lines.isInteractive {
      Interruption.endNothingElse()
      terminal.note(
        "\(model.configuration.name) looks at \(request.image) (\(picture.width) x "
          + "\(picture.height) pixels). Ask, or type ':help'.")
    }
    var faults = Faults(reportingOn: terminal)
    while let line = lines.next() {
      do throws(CommandError) {
        let input = try ExploreInput(line)
        if input == .quit { break }
        try session.perform(input)
      } catch {
        // Answers that nobody can read end it; a line that is wrong does not.
        if error.isOfOutput { throw error }
        if lines.isInteractive {
          terminal.note(error.message ?? "")
        } else {
          faults.add(error, at: "line \(lines.number)")
        }
      }
    }
    try faults.finish()
  }
}

/// The image under discussion, and the last answer about it.
struct ExploreSession {
  let model: VisionLanguageModel
  let picture: RGBImage
  let image: EncodedImage
  var options: GenerationOptions
  let terminal: Terminal
  private var last: (question: String, answer: Answer, selection: SelectionOptions)?

  init(
    model: VisionLanguageModel, picture: RGBImage, image: EncodedImage,
    options: GenerationOptions, terminal: Terminal
  ) {
    self.model = model
    self.picture = picture
    self.image = image
    self.options = options
    self.terminal = terminal
  }

  mutating func perform(_ input: ExploreInput) throws(CommandError) {
    switch input {
    case .question(let question):
      // The line of a question that cannot be asked stays empty.
      let answer = Result { () throws(CommandError) in
        try Interruption.stoppable { () throws(CommandError) in
          try AskCommand.ask(
            .question(question), model, image, options, OutputSettings(), terminal)
        }
      }
      try terminal.output.write("\n")
      last = (question, try answer.get(), options.selection)
    case .heatmap(let file?):
      let output = try TextFile.output(file)
      try HeatmapOutput.write(try heatmap().overview(), to: output)
    case .heatmap(nil):
      let output = try HeatmapOutput(HeatmapSettings(isShown: true), count: 1, terminal: terminal)
      try output.put(try heatmap(), index: 0)
    case .layers(let file?):
      let output = try TextFile.output(file)
      try HeatmapOutput.write(try heatmap().contactSheet(), to: output)
    case .layers(nil):
      try terminal.output.write(layers())
    case .policy(let policy?, let budget):
      options.selection.policy = policy
      options.selection.budget = budget
      options.selection.isCompatible = false
    case .policy(nil, _):
      let selection = options.selection
      let share = selection.budget ?? selection.policy.defaultBudget
      try terminal.output.write(selection.policy.rawValue + (share.map { " \($0)" } ?? "") + "\n")
    case .time:
      let answer = try lastAnswer().answer
      let statistics = StatisticsReport(answer.statistics, answer.steps.map(\.selections))
      try terminal.output.write(statistics.line(tokens: answer.steps.count) + "\n")
    case .help:
      try terminal.output.write(ExploreInput.helpText)
    case .quit: break
    }
  }

  private func lastAnswer() throws(CommandError) -> (
    question: String, answer: Answer, selection: SelectionOptions
  ) {
    guard let last else { throw CommandError("Nothing has been asked yet.", .usage) }
    return last
  }

  private func heatmap() throws(CommandError) -> Heatmap {
    let (question, answer, selection) = try lastAnswer()
    let heatmap = Heatmap(
      image: picture, question: question, answer: answer, model: model.configuration,
      selection: selection)
    guard let heatmap else { throw .nothingToDraw(selection.policy) }
    return heatmap
  }

  /// A line for each layer: how many cells it chose, token by token.
  private func layers() throws(CommandError) -> String {
    let (_, answer, selection) = try lastAnswer()
    let steps = answer.steps.map(\.selections)
    guard let layers = steps.first, !layers.isEmpty else { throw .nothingToDraw(selection.policy) }
    let total = layers[0].cells.isSelected.count
    return layers.indices.map { index in
      let counts = steps.map { "\($0[index].cells.count)" }.joined(separator: " ")
      return "layer \(layers[index].layer)".padded(to: 9) + " \(counts) of \(total) cells\n"
    }.joined()
  }
}
