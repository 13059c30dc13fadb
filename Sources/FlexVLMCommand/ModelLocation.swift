#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the model file to run: the one named, else the default model.
struct ModelLocation {
  /// The model that ships with flexvlm.
  static let defaultName = "flexvlm-mini.gguf"

  let environment: [String: String]
  /// Folder of the program's file, links resolved.
  let programFolder: URL

  /// Looks from the running program.
  static var current: ModelLocation {
    ModelLocation(
      environment: ProcessInfo.processInfo.environment,
      programFolder: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent())
  }

  /// The path of the model: `named`, else `FLEXVLM_MODEL`, else `Weights/flexvlm-mini.gguf` beside
  /// the program or above it, else the one installed with it, else that in the user's data folder.
  /// - Throws: An error with code `noInput` that lists the places tried.
  func path(named: String?) throws(CommandError) -> String {
    if let named {
      guard FileName.isOfFile(named) else {
        throw CommandError("There is no model file '\(named)'.", .noInput)
      }
      return named
    }
    if let path = environment["FLEXVLM_MODEL"], !path.isEmpty {
      guard FileName.isOfFile(path) else {
        throw CommandError("FLEXVLM_MODEL names '\(path)', which is no file.", .noInput)
      }
      return path
    }
    if let path = shippedModel { return path }
    if FileName.isOfFile(installedModel) { return installedModel }
    if let path = try userModel() { return path }
    throw CommandError(notFound, .noInput)
  }

  private var shippedModel: String? {
    var folder = programFolder
    while true {
      let path = folder.appending(path: "Weights/\(Self.defaultName)").path
      if FileName.isOfFile(path) { return path }
      guard folder.path != "/" else { return nil }
      folder.deleteLastPathComponent()
    }
  }

  /// Where `make install` puts it: the program is in PREFIX/bin.
  private var installedModel: String {
    programFolder.deletingLastPathComponent()
      .appending(path: "share/flexvlm/\(Self.defaultName)").path
  }

  private func userModel() throws(CommandError) -> String? {
    guard let folder = dataFolder else { return nil }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let models = names.filter { $0.hasSuffix(".gguf") }.sorted()
    if models.contains(Self.defaultName) { return folder.appending(path: Self.defaultName).path }
    guard models.count <= 1 else {
      throw CommandError(
        """
        Several models are in '\(folder.path)': \(models.joined(separator: ", ")).
        Name one on the command line or in FLEXVLM_MODEL.
        """, .noInput)
    }
    return models.first.map { folder.appending(path: $0).path }
  }

  /// Where users keep models, by the XDG base directory specification; relative paths do not count.
  private var dataFolder: URL? {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return URL(filePath: data).appending(path: "flexvlm")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return URL(filePath: home).appending(path: ".local/share/flexvlm")
  }

  private var notFound: String {
    let dataPlace =
      dataFolder.map { "*.gguf in '\($0.path)'" } ?? "the data folder (HOME is not set)"
    return """
      No model was found. Places tried:
        the command line (names none)
        FLEXVLM_MODEL (not set)
        Weights/\(Self.defaultName) in '\(programFolder.path)' and the folders above it
        \(installedModel)
        \(dataPlace)
      Name a GGUF file on the command line, or put one in the last of these places;
      Scripts/convert.py makes one from a checkpoint.
      """
  }
}
