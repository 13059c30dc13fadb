import FlexVLM
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// What `extract` is about: the columns of the table, and the images of its rows.

extension ExtractRequest {
  /// The columns, read from their file if they are in one.
  func columns() throws(CommandError) -> [TableColumn] {
    let (columns, place, code): ([TableColumn], String, ExitCode)
    switch questions {
    case .columns(let given): (columns, place, code) = (given, "", .usage)
    case .file(let path):
      (columns, place, code) = (try Self.columns(inFile: path), "'\(path)': ", .dataError)
    }
    if let name = TableColumn.repeatedName(among: columns) {
      throw CommandError(
        place + "Two columns of the table would be called '\(name)'; name the question otherwise.",
        code)
    }
    return columns
  }

  private static func columns(inFile path: String) throws(CommandError) -> [TableColumn] {
    var columns: [TableColumn] = []
    let lines = try TextFile.read(path).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !String(line).trimmed.isEmpty {
      guard let column = TableColumn(String(line)) else {
        throw CommandError(
          "'\(path)', line \(index + 1): expected \(ValueType<TableColumn>.column.expected).",
          .dataError)
      }
      columns.append(column)
    }
    guard !columns.isEmpty else {
      throw CommandError(
        "'\(path)' has no questions; put one on each line, as name=question.", .dataError)
    }
    return columns
  }

  /// The paths of the images in the order of the arguments, folders and lists expanded.
  ///
  /// - Throws: where a folder or a list has no image. A file that is none, or is not there, is found
  ///   out when it is read, and costs nothing but its row.
  func imagePaths() throws(CommandError) -> [String] {
    var paths: [String] = []
    for argument in images {
      let found = argument == "-" ? try Self.listed() : [argument]
      guard !found.isEmpty else {
        throw CommandError("The list on standard input names no image.", .noInput)
      }
      for path in found {
        paths += FileName.isFolder(path) ? try images(inFolder: path) : [path]
      }
    }
    return paths
  }

  /// The paths on standard input: one a line, or with NUL after each, as `find -print0` writes them.
  private static func listed() throws(CommandError) -> [String] {
    guard isatty(STDIN_FILENO) == 0 else {
      throw CommandError(
        "'-' reads names of images from standard input, which is a terminal; pipe a list in.",
        .noInput)
    }
    // Of names that are not UTF-8 each costs its row alone.
    let text = String(decoding: try TextFile.bytes("-", limit: TextFile.limit), as: UTF8.self)
    let isZeroed = text.utf8.contains(0)
    return text.trimmed.split { isZeroed ? $0 == "\0" : $0 == "\n" || $0 == "\r\n" }
      .map(String.init)
  }

  private func images(inFolder folder: String) throws(CommandError) -> [String] {
    let found = try contents(ofFolder: folder)
    guard !found.isEmpty else {
      throw CommandError(
        "'\(folder)' has no images"
          + (isRecursive ? "." : "; '--recursive' looks into the folders in it too."), .noInput)
    }
    return found
  }

  /// Files with an image's extension, sorted by name, for this is the order of the rows; links to
  /// folders are not followed, for they may lead in circles.
  private func contents(ofFolder folder: String) throws(CommandError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw CommandError("The folder '\(folder)' cannot be read.", .noInput)
    }
    var paths: [String] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if FileName.isFolder(path) {
        if isRecursive, !FileName.isLink(path) { paths += try contents(ofFolder: path) }
      } else if FileName.hasImageExtension(name) {
        paths.append(path)
      }
    }
    return paths
  }
}
