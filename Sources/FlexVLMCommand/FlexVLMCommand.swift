import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The program: arguments -> request -> command -> exit code.
@main
enum FlexVLMCommand {
  static let version = "0.2.0"

  /// On the main actor, so that Dispatch starts no thread before its file descriptors are known to be
  /// there.
  @MainActor static func main() {
    Interruption.install()
    SystemFaults.install()
    var terminal = Terminal.standard(environment: ProcessInfo.processInfo.environment)
    do throws(CommandError) {
      try SystemFaults.check()
    } catch {
      exit(terminal.end(with: error).rawValue)
    }
    let arguments = Result { () throws(UsageError) in try Arguments.ofProcess() }
    terminal.names = (try? arguments.get())?.names ?? [:]
    exit(run(arguments.map(\.words), terminal: terminal).rawValue)
  }

  /// Runs one command line; all that it has to say goes to `terminal`.
  static func run(
    _ arguments: Result<[String], UsageError>, terminal: Terminal
  ) -> ExitCode {
    do {
      try perform(CommandLineReader.read(arguments.get()), terminal: terminal)
      return .ok
    } catch let error as UsageError {
      terminal.report(error.message)
      terminal.note(HelpText.usage(of: error.command))
      terminal.note(HelpText.pointer(to: error.command), .dim)
      return .usage
    } catch let error as CommandError {
      return terminal.end(with: error)
    } catch {
      terminal.report("\(error)")
      return .software
    }
  }

  private static func perform(_ request: Request, terminal: Terminal) throws {
    switch request {
    case .ask(let request): try AskCommand.run(request, terminal: terminal)
    case .explore(let request): try ExploreCommand.run(request, terminal: terminal)
    case .score(let request): try ScoreCommand.run(request, terminal: terminal)
    case .cost(let request): try CostCommand.run(request, terminal: terminal)
    case .inspect(let request): try InspectCommand.run(request, terminal: terminal)
    case .bench(let request): try BenchCommand.run(request, terminal: terminal)
    case .quantize(let request): try QuantizeCommand.run(request, terminal: terminal)
    case .eval(let request): try EvalCommand.run(request, terminal: terminal)
    case .extract(let request): try ExtractCommand.run(request, terminal: terminal)
    case .metric(let request): try MetricCommand.run(request, terminal: terminal)
    case .merge(let request): try MergeCommand.run(request, terminal: terminal)
    case .serve(let request): try ServeCommand.run(request)
    case .help(let command):
      let output = terminal.output
      let width = HelpText.width(forColumns: output.columns)
      let help = HelpText(width: width) { output.styled($0, .bold) }
      try output.write(sequence: help.text(for: command))
    case .manual: try terminal.output.write(ManualPage.text)
    case .completions(let script): try terminal.output.write(script.text)
    case .version: try terminal.output.write("flexvlm \(version)\n")
    }
  }
}

extension Terminal {
  /// Reports why a command ended early.
  fileprivate func end(with error: CommandError) -> ExitCode {
    if let message = error.message { report(message) }
    return error.code
  }
}
