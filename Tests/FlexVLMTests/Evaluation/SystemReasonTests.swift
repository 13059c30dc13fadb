import Foundation
import Testing

@testable import FlexVLM

@Suite struct SystemReasonTests {
  @Test("Files that cannot be read come with the system's reason")
  func reasons() throws {
    let folder = try TemporaryFolder()
    #expect(throws: EvaluationError.unreadable(path: folder.path, reason: "Is a directory")) {
      try JSONFile.bytes(folder.path)
    }
    let longName = String(repeating: "n", count: 300)
    #expect(throws: EvaluationError.unreadable(path: longName, reason: "File name too long")) {
      try JSONFile.bytes(longName)
    }
  }
}
