import Foundation

@testable import FlexVLMCommand

/// What one run of the program left behind.
struct Outcome: Equatable {
  var code: ExitCode
  var output = ""
  var error = ""
}

extension Outcome {
  /// Runs a command line with its streams going to files.
  init(running arguments: [String]) async throws {
    self = try await withTemporaryFolder { folder in
      func open(_ name: String) throws -> FileHandle {
        let url = folder.appending(path: name)
        try Data().write(to: url)
        return try FileHandle(forUpdating: url)
      }
      let (output, error) = (try open("output"), try open("error"))
      let terminal = Terminal(
        output: TextOutput(descriptor: output.fileDescriptor, environment: [:]),
        error: TextOutput(descriptor: error.fileDescriptor, environment: [:]))
      let code = FlexVLMCommand.run(.success(arguments), terminal: terminal)
      func text(_ file: FileHandle) throws -> String {
        try file.seek(toOffset: 0)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      }
      return Outcome(code: code, output: try text(output), error: try text(error))
    }
  }
}

/// A folder that exists as long as it is used.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
