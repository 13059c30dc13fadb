import FlexVLM
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm explore`: question after question about one image, which is encoded once.
enum ExploreCommand {
  static func run(_ request: ExploreRequest, terminal: Terminal) async throws {
    let model = try request.engine.loadModel()
    let picture = try request.engine.readImage(request.image)
    let image = model.encode(picture, cache: try request.engine.imageCache())
    defer { image.store(terminal) }
    var session = ExploreSession(
      model: model, picture: picture, image: image,
      options: GenerationOptions(
        request.generation, request.engine.selectionOptions(seed: request.generation.seed)),
      terminal: terminal)
    let lines = LineReader(
      isInteractive: isatty(STDIN_FILENO) == 1 && terminal.output.isTerminal,
      environment: ProcessInfo.processInfo.environment)
    defer { lines.close() }
    if lines.isInteractive {
      terminal.note(
        "\(model.configuration.name) looks at \(request.image) (\(picture.width) x "
          + "\(picture.height) pixels). Ask, or type ':help'.")
    }
    while let line = lines.next() {
      do throws(CommandError) {
        let input = try ExploreInput(line)
        if input == .quit { break }
        try session.perform(input)
      } catch {
        // A script must not run on after a line that failed; a person may try again.
        guard lines.isInteractive, error.code != .ok else { throw error }
        terminal.note(error.message ?? "")
      }
    }
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
      let answer = try AskCommand.ask(
        .question(question), model, image, options, OutputSettings(), terminal)
      last = (question, answer, options.selection)
      try terminal.output.write("\n")
    case .heatmap(let file?):
      try HeatmapOutput.write(try heatmap().overview(), to: file)
    case .heatmap(nil):
      let output = try HeatmapOutput(HeatmapSettings(isShown: true), terminal: terminal)
      try output.put(try heatmap(), number: nil)
    case .layers(let file?):
      try HeatmapOutput.write(try heatmap().contactSheet(), to: file)
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
