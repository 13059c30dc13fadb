import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The program: arguments -> request -> command -> exit code.
@main
enum FlexVLMCommand {
  static let version = "0.1.0"

  static func main() async {
    Interruption.install()
    let terminal = Terminal.standard(environment: ProcessInfo.processInfo.environment)
    exit(await run(Array(CommandLine.arguments.dropFirst()), terminal: terminal).rawValue)
  }

  /// Runs one command line; all that it has to say goes to `terminal`.
  static func run(_ arguments: [String], terminal: Terminal) async -> ExitCode {
    do {
      try await perform(CommandLineReader.read(arguments), terminal: terminal)
      return .ok
    } catch let error as UsageError {
      report(error.message, on: terminal)
      terminal.note(HelpText.usage(of: error.command))
      terminal.note(terminal.error.styled(HelpText.pointer(to: error.command), .dim))
      return .usage
    } catch let error as CommandError {
      if let message = error.message { report(message, on: terminal) }
      return error.code
    } catch {
      report("\(error)", on: terminal)
      return .software
    }
  }

  private static func perform(_ request: Request, terminal: Terminal) async throws {
    switch request {
    case .ask(let request): try await AskCommand.run(request, terminal: terminal)
    case .explore(let request): try await ExploreCommand.run(request, terminal: terminal)
    case .score(let request): try await ScoreCommand.run(request, terminal: terminal)
    case .cost(let request): try await CostCommand.run(request, terminal: terminal)
    case .inspect(let request): try await InspectCommand.run(request, terminal: terminal)
    case .bench(let request): try BenchCommand.run(request, terminal: terminal)
    case .quantize(let request): try QuantizeCommand.run(request, terminal: terminal)
    case .eval(let request): try await EvalCommand.run(request, terminal: terminal)
    case .metric(let request): try await MetricCommand.run(request, terminal: terminal)
    case .merge(let request): try await MergeCommand.run(request, terminal: terminal)
    case .help(let command):
      let output = terminal.output
      let width = HelpText.width(forColumns: output.columns)
      let help = HelpText(width: width) { output.styled($0, .bold) }
      try output.write(help.text(for: command))
    case .version: try terminal.output.write("flexvlm \(version)\n")
    }
  }

  private static func report(_ message: String, on terminal: Terminal) {
    terminal.note(terminal.error.styled("flexvlm:", .red) + " " + message)
  }
}
