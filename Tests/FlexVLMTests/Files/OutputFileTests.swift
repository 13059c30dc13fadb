import Foundation
import Testing

@testable import FlexVLM

/// Files that are written whole, and files that grow, whatever happens to them meanwhile.
@Suite struct OutputFileTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "flexvlm-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path(name), encoding: .utf8)
    }

    var names: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
  }

  @Test("Contents are replaced, permissions and links kept, nothing is left beside them")
  func replaces() throws {
    let folder = try Folder()
    try OutputFile(folder.path("new")).write(Array("one".utf8))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o604], ofItemAtPath: folder.path("new"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "new")
    try OutputFile(folder.path("link")).write(Array("two".utf8))
    #expect(try folder.text("new") == "two")
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("new"))
    #expect(attributes[.posixPermissions] as? Int == 0o604)
    #expect(try folder.names == ["link", "new"])
  }

  @Test(
    "A place that cannot be written to is told when it is looked at, and stays as it was",
    arguments: [
      ("no/file", "its folder does not exist"), ("file/file", "Not a directory"),
      ("folder", "Is a directory"), (String(repeating: "n", count: 300), "File name too long"),
    ])
  func refuses(name: String, reason: String) throws {
    let folder = try Folder()
    try OutputFile(folder.path("file")).write(Array("old".utf8))
    try FileManager.default.createDirectory(
      atPath: folder.path("folder"), withIntermediateDirectories: false)
    let error = try #require(throws: OutputError.self) { try OutputFile(folder.path(name)) }
    #expect("\(error)" == reason)
    #expect(try folder.names == ["file", "folder"])
    #expect(try folder.text("file") == "old")
  }

  @Test("A full device is called so; another process's place is refused")
  func faults() throws {
    let error = #expect(throws: OutputError.self) {
      try OutputFile("/dev/full").write([1])
    }
    #expect(error.map { "\($0)" } == "No space left on device")
    let folder = try Folder()
    let file = try GrowingFile(folder.path("a"))
    #expect(throws: EvaluationError.inUse(path: file.path)) { try GrowingFile(file.path) }
  }

  @Test("A file that is deleted while it grows comes back, with its folder, and grows on")
  func deleted() throws {
    let folder = try Folder()
    let file = try GrowingFile(folder.path("a"))
    try file.append("one\n", isDurable: true)
    for count in 2...3 {
      try FileManager.default.removeItem(at: folder.url)
      try file.append("\(count)\n", isDurable: false)
    }
    #expect(try folder.text("a") == "one\n2\n3\n")
    try FileManager.default.moveItem(atPath: folder.path("a"), toPath: folder.path("b"))
    try file.append("4\n", isDurable: true)
    #expect(try folder.text("a") == "one\n2\n3\n4\n")
    #expect(throws: EvaluationError.inUse(path: folder.path("a"))) {
      try GrowingFile(folder.path("a"))
    }
  }

  @Test("Where another file took its place, what was appended is kept beside it")
  func replaced() throws {
    let folder = try Folder()
    let file = try GrowingFile(folder.path("a"))
    try file.append("one\n", isDurable: true)
    try FileManager.default.removeItem(atPath: folder.path("a"))
    try Data("other".utf8).write(to: URL(filePath: folder.path("a")))
    #expect(throws: EvaluationError.self) { try file.append("two\n", isDurable: true) }
    #expect(try folder.text("a") == "other")
    #expect(try folder.text("a.kept") == "one\ntwo\n")
  }
}
