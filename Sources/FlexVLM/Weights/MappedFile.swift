#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file mapped read-only into memory; unmapped with its last reference.
@safe final class MappedFile: @unchecked Sendable {
  let path: String
  let count: Int
  /// The first of `count` bytes.
  let base: UnsafeRawPointer

  /// - Throws: ``WeightsError/cannotOpen(path:reason:)`` for anything but a readable regular file.
  init(path: String) throws(WeightsError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: Self.lastError) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: Self.lastError)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotOpen(path: path, reason: "it is not a regular file")
    }
    guard status.st_size > 0 else { throw .cannotOpen(path: path, reason: "it is empty") }
    let address = unsafe mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .cannotOpen(path: path, reason: Self.lastError)
    }
    self.path = path
    count = Int(status.st_size)
    unsafe base = UnsafeRawPointer(address)
  }

  /// Memory that belongs to no file.
  ///
  /// - Parameter fill: writes the `count` bytes, which are zeros until then.
  /// - Throws: ``WeightsError/cannotOpen(path:reason:)`` where there is not so much.
  init(count: Int, fill: (UnsafeMutableRawPointer) -> Void) throws(WeightsError) {
    let address = unsafe mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .cannotOpen(path: "\(count) bytes of memory", reason: Self.lastError)
    }
    unsafe fill(address)
    path = "memory"
    self.count = count
    unsafe base = UnsafeRawPointer(address)
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }

  private static var lastError: String { unsafe String(cString: strerror(errno)) }
}
