internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A folder of images. A data set's name finds its file there even if case, extension or both differ:
/// copies of data sets are converted, renamed and unpacked in many ways.
package final class ImageFolder: Sendable {
  let path: String
  /// The names in each subfolder by their lower case; listed when a name is first missed there.
  private let listings = Mutex<[String: [String: String]]>([:])

  /// - Throws: ``EvaluationError`` if there is no such folder.
  init(_ path: String) throws(EvaluationError) {
    guard FileManager.default.isFolder(path) else {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw .unreadable(
        path: path, reason: isThere ? "it is not a folder" : "there is no such folder")
    }
    self.path = path
  }

  /// Extensions that are looked for, the commonest first. The last two are not read here, but then
  /// the error names the format.
  private static let extensions = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp"]

  /// The file of a name; nil if there is none.
  func file(named name: String) -> String? {
    let exact = "\(path)/\(name)"
    if FileManager.default.fileExists(atPath: exact), !FileManager.default.isFolder(exact) {
      return exact
    }
    let start = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
    let names = listing("\(path)/\(name[..<start])")
    let wanted = name[start...].lowercased()
    let stems = [wanted] + (Self.withoutExtension(wanted).map { [$0] } ?? [])
    for candidate in stems + stems.flatMap({ stem in Self.extensions.map { "\(stem).\($0)" } }) {
      guard let found = names[candidate] else { continue }
      let file = "\(path)/\(name[..<start])\(found)"
      if !FileManager.default.isFolder(file) { return file }
    }
    return nil
  }

  /// A name with `extension` unless it has one of an image.
  static func name(_ name: String, defaultExtension: String) -> String {
    withoutExtension(name.lowercased()) == nil ? "\(name).\(defaultExtension)" : name
  }

  /// Nil where the name has no image's extension.
  private static func withoutExtension(_ name: String) -> String? {
    extensions.first { name.hasSuffix(".\($0)") }.map { String(name.dropLast($0.count + 1)) }
  }

  private func listing(_ folder: String) -> [String: String] {
    listings.withLock { listings in
      if let names = listings[folder] { return names }
      let names = (try? FileManager.default.visibleNames(in: folder)) ?? []
      // Of names that differ in case alone the first counts.
      let byLowerCase = Dictionary(
        names.map { ($0.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
      listings[folder] = byLowerCase
      return byLowerCase
    }
  }
}

extension FileManager {
  /// The names in a folder, sorted. Those that begin with a dot are not part of a data set: macOS
  /// leaves a `._` file beside each one that it packs.
  func visibleNames(in folder: String) throws -> [String] {
    try contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Only a folder has an entry for itself; the call that tells files from folders is not the same in
  /// both of Foundation's forms.
  func isFolder(_ path: String) -> Bool { !path.isEmpty && fileExists(atPath: "\(path)/.") }
}
