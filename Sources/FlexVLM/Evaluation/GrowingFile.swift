internal import Glibc

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A file that only grows. If it is deleted meanwhile, what was appended comes back.
///
/// One thread at a time appends.
final class GrowingFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Opens a file, or makes it, and locks it against other processes.
  ///
  /// - Throws: ``EvaluationError``
  init(_ path: String) throws(EvaluationError) {
    self.path = path
    descriptor = try Self.open(path)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(path: path)
    }
  }

  deinit { close(descriptor) }

  /// Cuts the file off after so many bytes.
  /// - Throws: ``EvaluationError``
  func truncate(to count: Int) throws(EvaluationError) {
    guard ftruncate(descriptor, count) == 0 else { throw failure() }
  }

  /// Appends a line.
  ///
  /// - Parameter isDurable: whether it has to be on the disk when this returns.
  /// - Throws: ``EvaluationError``
  func append(_ line: String, isDurable: Bool) throws(EvaluationError) {
    do throws(OutputError) {
      // One call for a line, so that a kill tears at most the last one.
      try OutputFile.write(line.utf8, to: descriptor)
      guard !isDurable || fsync(descriptor) == 0 else { throw OutputError() }
    } catch {
      throw .cannotWrite(path: path, reason: "\(error)")
    }
    try stayInPlace()
  }

  /// Writes everything again where the file is not in its place any more.
  private func stayInPlace() throws(EvaluationError) {
    var (own, found) = (stat(), stat())
    guard unsafe fstat(descriptor, &own) == 0 else { throw failure() }
    let isTaken = unsafe stat(path, &found) == 0
    if isTaken, own.st_ino == found.st_ino, own.st_dev == found.st_dev { return }
    let folder = URL(filePath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let place = isTaken ? path + ".kept" : path
    let copy = try Self.open(place)
    defer { close(copy) }
    do throws(OutputError) {
      try OutputFile.write(contents(count: Int(own.st_size)), to: copy)
      guard fsync(copy) == 0, flock(copy, LOCK_EX | LOCK_NB) == 0,
        dup2(copy, descriptor) >= 0
      else { throw OutputError() }
    } catch {
      throw .cannotWrite(path: place, reason: "\(error)")
    }
    if isTaken {
      throw .cannotWrite(
        path: path, reason: "another file took its place; the answers are in '\(place)'")
    }
  }

  private func contents(count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = unsafe pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(filled))
        guard read > 0 else { return }
        filled += read
      }
    }
  }

  private static func open(_ path: String) throws(EvaluationError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: "\(OutputError())") }
    return descriptor
  }

  private func failure() -> EvaluationError { .cannotWrite(path: path, reason: "\(OutputError())") }
}
