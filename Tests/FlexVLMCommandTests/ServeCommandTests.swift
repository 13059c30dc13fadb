import FlexVLM
import Foundation
import Testing

@testable import FlexVLMCommand

/// What `flexvlm serve` checks before it hands over.
@Suite struct ServeCommandTests {
  private static func location(_ environment: [String: String] = [:]) -> ModelLocation {
    ModelLocation(
      environment: environment.merging(["FLEXVLM_MODEL": #filePath]) { $1 },
      programFolder: URL(filePath: "/"))
  }

  private static func request(_ change: (inout ServeRequest) -> Void) -> ServeRequest {
    var request = ServeRequest()
    change(&request)
    return request
  }

  @Test(
    "Another address than this machine's own needs a key",
    arguments: [
      ("127.0.0.1", false), ("127.8.9.1", false), ("localhost", false), ("::1", false),
      ("0.0.0.0", true), ("::", true), ("10.0.0.1", true), ("127.0.0.1.example.org", true),
      ("127.0.0", true), ("", true), ("box", true),
    ])
  func addresses(host: String, needsKey: Bool) throws {
    let request = Self.request { $0.server.host = host }
    if needsKey {
      let error = #expect(throws: CommandError.self) {
        try ServeCommand.settings(of: request, Self.location())
      }
      #expect(error?.code == .usage && error?.message?.contains("needs a key") == true)
    } else {
      #expect(try ServeCommand.settings(of: request, Self.location()).apiKey == nil)
    }
    let location = Self.location(["FLEXVLM_API_KEY": "secret"])
    #expect(try ServeCommand.settings(of: request, location).apiKey == "secret")
  }

  @Test(
    "A key is one word of ASCII; a file's comes before the environment's",
    arguments: [("word\n", "word"), ("", nil), ("two words", nil), ("schlüssel", nil)])
  func keys(text: String, key: String?) async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "key").path
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let request = Self.request { $0.keyFile = file }
      let location = Self.location(["FLEXVLM_API_KEY": "other"])
      if let key {
        #expect(try ServeCommand.settings(of: request, location).apiKey == key)
      } else {
        #expect(throws: CommandError.self) { try ServeCommand.settings(of: request, location) }
      }
    }
  }

  @Test("Options become settings, the model found")
  func settings() throws {
    var request = Self.request {
      ($0.engine.projector, $0.engine.threads, $0.engine.promptTemplate) = ("v", 3, "t")
      ($0.server.port, $0.server.mediaPath) = (1, "/")
    }
    let settings = try ServeCommand.settings(of: request, Self.location())
    #expect(settings.model == #filePath && settings.projector == "v" && settings.threads == 3)
    #expect(settings.promptTemplate == "t" && settings.port == 1 && settings.mediaPath == "/")
    request.server.mediaPath = #filePath
    let error = #expect(throws: CommandError.self) {
      try ServeCommand.settings(of: request, Self.location())
    }
    #expect(error?.code == .noInput)
  }
}
