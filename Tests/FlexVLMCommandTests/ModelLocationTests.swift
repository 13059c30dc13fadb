import Foundation
import Testing

@testable import FlexVLMCommand

@Suite struct ModelLocationTests {
  /// A folder for one test, removed with it.
  final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appending(path: "flexvlm-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Makes empty files, with the folders they are in.
    func add(_ names: String...) throws {
      for name in names {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: file)
      }
    }

    /// A search from the program `build/debug/flexvlm` in this folder.
    func location(_ environment: [String: String]) -> ModelLocation {
      ModelLocation(environment: environment, programFolder: url.appending(path: "build/debug"))
    }
  }

  @Test("--model, FLEXVLM_MODEL, Weights, the installed model and the data folder, in this order")
  func order() throws {
    let folder = try Folder()
    let environment = [
      "FLEXVLM_MODEL": folder.path("variable.gguf"), "XDG_DATA_HOME": folder.path("data"),
    ]
    let unset = environment.filter { $0.key != "FLEXVLM_MODEL" }
    try folder.add("data/flexvlm/data.gguf")
    #expect(try folder.location(unset).path(named: nil) == folder.path("data/flexvlm/data.gguf"))
    let installed = "build/share/flexvlm/flexvlm-mini.gguf"
    try folder.add(installed)
    #expect(try folder.location(unset).path(named: nil) == folder.path(installed))
    try folder.add("Weights/flexvlm-mini.gguf")
    let shipped = folder.path("Weights/flexvlm-mini.gguf")
    #expect(try folder.location(unset).path(named: nil) == shipped)
    #expect(try folder.location(["FLEXVLM_MODEL": ""]).path(named: nil) == shipped)
    try folder.add("variable.gguf")
    let variable = folder.path("variable.gguf")
    #expect(try folder.location(environment).path(named: nil) == variable)
    try folder.add("named.gguf")
    let named = folder.path("named.gguf")
    #expect(try folder.location(environment).path(named: named) == named)
  }

  @Test("The nearest Weights folder wins; other files in it do not count")
  func nearestWeights() throws {
    let folder = try Folder()
    try folder.add("Weights/flexvlm-mini.gguf", "build/Weights/other.gguf")
    let location = folder.location([:])
    #expect(try location.path(named: nil) == folder.path("Weights/flexvlm-mini.gguf"))
    try folder.add("build/debug/Weights/flexvlm-mini.gguf")
    #expect(try location.path(named: nil) == folder.path("build/debug/Weights/flexvlm-mini.gguf"))
  }

  @Test("The data folder gives flexvlm-mini.gguf, else the only model, through links too")
  func dataFolder() throws {
    let folder = try Folder()
    let location = folder.location(["HOME": folder.path("home"), "XDG_DATA_HOME": "relative"])
    let data = "home/.local/share/flexvlm/"
    try folder.add(data + "notes.txt", "elsewhere.gguf")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(data + "b.gguf"), withDestinationPath: folder.path("elsewhere.gguf"))
    #expect(try location.path(named: nil) == folder.path(data + "b.gguf"))

    try folder.add(data + "a.gguf")
    let several = CommandError(
      """
      Several models are in '\(folder.path("home/.local/share/flexvlm"))': a.gguf, b.gguf.
      Name one on the command line or in FLEXVLM_MODEL.
      """, .noInput)
    #expect(throws: several) { try location.path(named: nil) }

    try folder.add(data + "flexvlm-mini.gguf")
    #expect(try location.path(named: nil) == folder.path(data + "flexvlm-mini.gguf"))
  }

  @Test("If there is no model, every place tried is named")
  func notFound() throws {
    let folder = try Folder()
    let expected = CommandError(
      """
      No model was found. Places tried:
        the command line (names none)
        FLEXVLM_MODEL (not set)
        Weights/flexvlm-mini.gguf in '\(folder.path("build/debug"))' and the folders above it
        \(folder.path("build/share/flexvlm/flexvlm-mini.gguf"))
        *.gguf in '\(folder.path("data/flexvlm"))'
      Name a GGUF file on the command line, or put one in the last of these places;
      Scripts/convert.py makes one from a checkpoint.
      """, .noInput)
    #expect(throws: expected) {
      try folder.location(["XDG_DATA_HOME": folder.path("data")]).path(named: nil)
    }
  }

  @Test("A model that is named must be a file: nothing else is tried", arguments: ["", "missing"])
  func namedIsMissing(_ name: String) throws {
    let folder = try Folder()
    try folder.add("Weights/flexvlm-mini.gguf")
    let path = folder.path(name)
    #expect(throws: CommandError("There is no model file '\(path)'.", .noInput)) {
      try folder.location([:]).path(named: path)
    }
    #expect(throws: CommandError("FLEXVLM_MODEL names '\(path)', which is no file.", .noInput)) {
      try folder.location(["FLEXVLM_MODEL": path]).path(named: nil)
    }
  }
}
