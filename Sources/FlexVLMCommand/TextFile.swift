import FlexVLM
import Glibc

/// Files that the command line names.
enum TextFile {
  /// The largest one that is read, 16 MiB.
  static let limit = 16 << 20

  /// The UTF-8 text of a file, without the byte order mark that some editors put before it; "-" is
  /// standard input.
  static func read(_ path: String) throws(CommandError) -> String {
    let bytes = try bytes(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      throw CommandError(
        "'\(path)' is not UTF-8 text" + (isUTF16 ? " but UTF-16; save it as UTF-8." : "."),
        .dataError)
    }
    let hasMark = text.unicodeScalars.first == "\u{FEFF}"
    return hasMark ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The bytes of a file; "-" is standard input.
  static func bytes(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotRead(path) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw cannotRead(path) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw CommandError("'\(path)' is larger than \(limit >> 20) MiB.", .dataError)
      }
    }
  }

  private static func cannotRead(_ path: String) -> CommandError {
    CommandError("Cannot read '\(path)': \(unsafe String(cString: strerror(errno))).", .noInput)
  }

  /// A place to write to, found to be one.
  static func output(_ path: String) throws(CommandError) -> OutputFile {
    do {
      return try OutputFile(path)
    } catch {
      throw CommandError(error, path)
    }
  }

  /// Replaces a file's contents; they are never half written.
  static func write(_ text: String, to file: OutputFile) throws(CommandError) {
    try write(Array(text.utf8), to: file)
  }

  static func write(_ bytes: [UInt8], to file: OutputFile) throws(CommandError) {
    do {
      try file.write(bytes)
    } catch {
      throw CommandError(error, file.path)
    }
  }
}

extension CommandError {
  init(_ error: OutputError, _ path: String) {
    self.init("Cannot write '\(path)': \(error).", .cannotCreate)
  }
}
