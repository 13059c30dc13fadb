import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files that the command line names.
enum TextFile {
  /// The largest one that is read, 16 MiB.
  static let limit = 16 << 20

  /// The UTF-8 text of a file; "-" is standard input.
  static func read(_ path: String) throws(CommandError) -> String {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor > STDERR_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError("Cannot read '\(path)': \(reason).", .noInput)
      }
      if count == 0 { break }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw CommandError("'\(path)' is larger than \(limit >> 20) MiB.", .dataError)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError("'\(path)' is not UTF-8 text.", .dataError)
    }
    return text
  }

  /// Replaces a file's contents; they are never half written.
  static func write(_ text: String, to path: String) throws(CommandError) {
    try write(bytes: Array(text.utf8), to: path)
  }

  static func write(bytes: [UInt8], to path: String) throws(CommandError) {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandError(
        "Cannot write '\(path)'; check that its folder exists and can be written.", .cannotCreate)
    }
  }
}
