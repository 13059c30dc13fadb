#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A JSON object of Base64 texts, as MagnifierBench stores its images.
///
/// The file has hundreds of megabytes: it is mapped and only the places of its texts are kept.
package final class EmbeddedImages: Sendable {
  private let path: String
  private let data: Data
  private let ranges: [String: Range<Int>]

  init(path: String) throws(EvaluationError) {
    self.path = path
    data = try JSONFile.bytes(path)
    var scanner = StringPairScanner(data)
    var ranges: [String: Range<Int>] = [:]
    do throws(StringPairScanner.Fault) {
      while let (key, value) = try scanner.next() {
        ranges[String(decoding: data[key], as: UTF8.self)] = value
      }
    } catch {
      throw .malformed(file: path, place: "byte \(error.offset)", problem: error.problem)
    }
    self.ranges = ranges
  }

  func contains(_ key: String) -> Bool { ranges[key] != nil }

  /// The bytes of an image.
  package func bytes(of key: String) throws(EvaluationError) -> [UInt8] {
    guard let range = ranges[key],
      let bytes = Data(base64Encoded: data[range], options: .ignoreUnknownCharacters),
      !bytes.isEmpty
    else {
      throw .malformed(file: path, place: key, problem: "not an image in Base64")
    }
    return Array(bytes)
  }
}

/// Finds the pairs of a JSON object that holds nothing but texts, without copying them.
private struct StringPairScanner {
  struct Fault: Error {
    let offset: Int
    let problem: String
  }

  private let data: Data
  private var offset = 0
  private var isFirst = true

  init(_ data: Data) { self.data = data }

  /// - Returns: places of the next key and value, between their quotes; nil after the last.
  mutating func next() throws(Fault) -> (key: Range<Int>, value: Range<Int>)? {
    if isFirst { try expect("{") }
    if try peek() == UInt8(ascii: "}") { return nil }
    if !isFirst { try expect(",") }
    isFirst = false
    let key = try string()
    try expect(":")
    return (key, try string())
  }

  private mutating func peek() throws(Fault) -> UInt8 {
    while offset < data.count, data[offset] <= 0x20 { offset += 1 }
    guard offset < data.count else { throw Fault(offset: offset, problem: "the file ends early") }
    return data[offset]
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws(Fault) {
    guard try peek() == UInt8(ascii: sign) else {
      throw Fault(offset: offset, problem: "expected '\(sign)'; images are an object of texts")
    }
    offset += 1
  }

  private mutating func string() throws(Fault) -> Range<Int> {
    try expect("\"")
    let start = offset
    let rest = data[start...]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else {
      throw Fault(offset: start, problem: "the text has no end")
    }
    // Base64 and its names need no escapes but for the slash.
    guard end == start || data[end - 1] != UInt8(ascii: "\\") else {
      throw Fault(offset: end, problem: "unexpected escape")
    }
    offset = end + 1
    return start..<end
  }
}
