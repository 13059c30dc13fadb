internal import Glibc

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// JSON files of others: what does not fit is an error that names file, item and field.
enum JSONFile {
  /// The largest file that is read whole, 4 GiB.
  static let limit = 4 << 30

  static func bytes(_ path: String) throws(EvaluationError) -> Data {
    do {
      let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
      guard data.count <= limit else {
        throw EvaluationError.unreadable(path: path, reason: "it is larger than \(limit >> 30) GiB")
      }
      return data
    } catch let error as EvaluationError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: reason(error))
    }
  }

  static func decode<T: Decodable>(_ type: T.Type, from path: String) throws(EvaluationError) -> T {
    try decode(type, from: try bytes(path), file: path, place: nil)
  }

  /// The values of a file that has one on each line, or all in one list; with the number of the line
  /// or, from 1, of the place in the list.
  static func decodeEntries<T: Decodable>(
    _ type: T.Type, from path: String
  ) throws(EvaluationError) -> [(line: Int, value: T)] {
    let data = try utf8(path)
    if data.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
      return try decode([T].self, from: data, file: path, place: nil).enumerated()
        .map { ($0.offset + 1, $0.element) }
    }
    var values: [(Int, T)] = []
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      // Files are joined with the byte order mark that each begins with.
      let line = line.starts(with: byteOrderMark) ? line.dropFirst(byteOrderMark.count) : line
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      values.append(
        (index + 1, try decode(type, from: line, file: path, place: "line \(index + 1)")))
    }
    return values
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// A file's UTF-8 without a byte order mark; UTF-16 is converted.
  private static func utf8(_ path: String) throws(EvaluationError) -> Data {
    let data = try bytes(path)
    if data.starts(with: byteOrderMark) { return data.dropFirst(byteOrderMark.count) }
    guard data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) else { return data }
    guard let text = String(data: data, encoding: .utf16) else {
      throw .malformed(file: path, place: "top level", problem: "not JSON")
    }
    return Data(text.utf8)
  }

  static func decode<T: Decodable>(
    _ type: T.Type, from data: Data, file: String, place: String?
  ) throws(EvaluationError) -> T {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      let (path, problem) = explain(error)
      let places = [place, path.isEmpty ? nil : path].compactMap(\.self)
      throw .malformed(
        file: file, place: places.isEmpty ? "top level" : places.joined(separator: ", "),
        problem: problem)
    }
  }

  /// The place in the file, such as "data[17].answers", and what is wrong there.
  private static func explain(_ error: any Error) -> (path: String, problem: String) {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      (path(context.codingPath + [key]), "the field is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      (path(context.codingPath), "expected \(name(of: type))")
    case .dataCorrupted(let context):
      (path(context.codingPath), context.codingPath.isEmpty ? "not JSON" : context.debugDescription)
    default: ("", "not JSON")
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce("") { path, key in
      if let index = key.intValue { return path + "[\(index)]" }
      return path.isEmpty ? key.stringValue : path + "." + key.stringValue
    }
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Int.Type: "a whole number"
    case is Bool.Type: "true or false"
    case is [Any].Type: "a list"
    default: "\(type)".hasPrefix("Dictionary") ? "an object" : "another kind of value"
    }
  }

  /// Why a file cannot be read, in the system's words where there are no better ones.
  static func reason(_ error: any Error) -> String {
    let error = error as? CocoaError
    let system = error?.underlying as? POSIXError
    switch error?.code {
    case .fileReadNoSuchFile: return "there is no such file"
    case .fileReadNoPermission: return "permission denied"
    default:
      guard let system else { return "not a readable file" }
      return unsafe String(cString: strerror(system.code.rawValue))
    }
  }
}
