internal import Glibc

/// Why a file could not be written: the system's reason.
package struct OutputError: Error, Equatable, CustomStringConvertible {
  private let code: Int32

  /// Of the last call that failed.
  init(code: Int32 = errno) { self.code = code }

  package var description: String {
    // Of a file that is about to be made, the system means its folder.
    code == ENOENT ? "its folder does not exist" : unsafe String(cString: strerror(code))
  }
}

/// A file that is replaced whole: who reads it sees the old contents or the new ones.
///
/// What is no regular file, such as a pipe or a device, is written into, and so is what a path of the
/// system's stands for because its name is not UTF-8. A link stays one.
package struct OutputFile: Sendable {
  package let path: String
  /// Where the contents go: the file, or what a link leads to.
  private let target: String
  /// Permissions of the file that is there; nil for a new one.
  private let mode: mode_t?
  private let isReplaceable: Bool

  /// Looks at the place; what is there stays.
  ///
  /// - Throws: ``OutputError`` where a file cannot be made.
  package init(_ path: String) throws(OutputError) {
    self.path = path
    var status = stat()
    if unsafe stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw OutputError(code: EISDIR) }
      guard unsafe access(path, W_OK) == 0 else { throw OutputError() }
      let resolved = status.st_mode & S_IFMT == S_IFREG ? Self.resolved(path) : nil
      isReplaceable = resolved != nil
      mode = status.st_mode & 0o7777
      target = resolved ?? path
    } else {
      guard errno == ENOENT else { throw OutputError() }
      // A link to nothing is written through: opening it makes what it names.
      isReplaceable = unsafe lstat(path, &status) != 0
      (target, mode) = (path, nil)
    }
    if isReplaceable {
      let (descriptor, partial) = try makePartial()
      close(descriptor)
      unsafe unlink(partial)
    }
  }

  /// - Throws: ``OutputError``; the old contents are still there.
  package func write(_ bytes: some Collection<UInt8>) throws(OutputError) {
    guard isReplaceable else {
      let descriptor = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw OutputError() }
      defer { close(descriptor) }
      return try Self.write(bytes, to: descriptor)
    }
    let (descriptor, partial) = try makePartial()
    do throws(OutputError) {
      defer { close(descriptor) }
      if let mode { fchmod(descriptor, mode) }
      try Self.write(bytes, to: descriptor)
      // Some file systems tell only now that there is no room.
      guard fsync(descriptor) == 0 else { throw OutputError() }
    } catch {
      unsafe unlink(partial)
      throw error
    }
    guard unsafe rename(partial, target) == 0 else {
      let error = OutputError()
      unsafe unlink(partial)
      throw error
    }
  }

  /// Writes all bytes to an open file.
  package static func write(
    _ bytes: some Collection<UInt8>, to descriptor: Int32
  ) throws(OutputError) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      guard count >= 0 || errno == EINTR else { throw OutputError() }
      rest = rest.dropFirst(max(0, count))
    }
  }

  /// An empty file beside the target.
  private func makePartial() throws(OutputError) -> (descriptor: Int32, path: String) {
    let folderEnd = target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex
    let partial = target[..<folderEnd] + ".flexvlm-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let descriptor = unsafe open(
      String(partial), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError() }
    return (descriptor, String(partial))
  }

  /// Where links lead; nil for a name that is not UTF-8.
  private static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(validatingCString: real)
  }
}
