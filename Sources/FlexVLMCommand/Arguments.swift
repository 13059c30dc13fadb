import Glibc

/// The words of the command line, which the system gives as bytes, as text.
struct Arguments {
  private(set) var words: [String] = []
  /// Names that are not UTF-8, by the paths that stand for them in `words`.
  private(set) var names: [String: String] = [:]

  /// Linux's O_PATH, which Swift's Glibc leaves out: to hold a file without reading it, so that a
  /// pipe is not waited for.
  private static let pathOnly: Int32 = 0o10_000_000

  /// The arguments of this program, its name not among them.
  /// - Throws: a word that is neither UTF-8 nor the name of anything.
  static func ofProcess() throws(UsageError) -> Arguments {
    var arguments = Arguments()
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = unsafe CommandLine.unsafeArgv[index] else { break }
      try arguments.append(unsafe Array(UnsafeBufferPointer(start: word, count: strlen(word))))
    }
    return arguments
  }

  /// A name that is not UTF-8 cannot be a Swift string; what it names is held open, and a path to
  /// that stands for it.
  mutating func append(_ word: [CChar]) throws(UsageError) {
    let bytes = word.map { UInt8(bitPattern: $0) }
    if let text = String(validating: bytes, as: UTF8.self) {
      words.append(text)
      return
    }
    // The value of "--name=value" may be a name too.
    let isOption = bytes.starts(with: "--".utf8)
    let start = isOption ? bytes.firstIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? 0 : 0
    let descriptor = unsafe open(Array(word[start...]) + [0], Self.pathOnly | O_CLOEXEC)
    guard descriptor >= 0, let option = String(validating: bytes[..<start], as: UTF8.self) else {
      throw UsageError(command: nil, problem: .notUTF8(String(decoding: bytes, as: UTF8.self)))
    }
    let path = "/proc/self/fd/\(descriptor)"
    names[path] = String(decoding: bytes[start...], as: UTF8.self)
    words.append(option + path)
  }
}
