import Foundation

/// The checkout that tests are built from, for what they say about its files.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized

  /// All files in a folder and those in it, hidden ones apart.
  static func files(in folder: String, withExtensions extensions: Set<String>) -> [URL] {
    let folder = root.appending(path: folder)
    let names =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return names.filter { !$0.hasPrefix(".") && !$0.contains("/.") }.sorted()
      .map { folder.appending(path: $0) }
      .filter { extensions.contains($0.pathExtension) }
  }

  static func text(of file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }
}
