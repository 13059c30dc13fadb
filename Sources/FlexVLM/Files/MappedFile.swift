internal import Glibc

/// Why a file could not be mapped, or memory not be had.
struct MappingError: Error, Equatable {
  let path: String
  let reason: String
}

/// A file mapped read-only into memory; unmapped and closed with its last reference.
@safe final class MappedFile: @unchecked Sendable {
  let path: String
  let count: Int
  /// The first of `count` bytes.
  let base: UnsafeRawPointer
  private let descriptor: Int32

  /// - Throws: ``MappingError`` for anything but a readable regular file.
  init(path: String) throws(MappingError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw MappingError(path: path, reason: Self.lastError) }
    var isMapped = false
    defer { if !isMapped { close(descriptor) } }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw MappingError(path: path, reason: Self.lastError)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw MappingError(path: path, reason: "it is not a regular file")
    }
    guard status.st_size > 0 else { throw MappingError(path: path, reason: "it is empty") }
    let address = unsafe mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw MappingError(path: path, reason: Self.lastError)
    }
    self.path = path
    count = Int(status.st_size)
    unsafe base = UnsafeRawPointer(address)
    self.descriptor = descriptor
    isMapped = true
  }

  /// Memory that belongs to no file.
  ///
  /// - Parameter fill: writes the `count` bytes, which are zeros until then.
  /// - Throws: ``MappingError`` where there is not so much.
  init(count: Int, fill: (UnsafeMutableRawPointer) -> Void) throws(MappingError) {
    let address = unsafe mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw MappingError(path: "\(count) bytes of memory", reason: Self.lastError)
    }
    unsafe fill(address)
    path = "memory"
    self.count = count
    unsafe base = UnsafeRawPointer(address)
    descriptor = -1
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), count)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The first bytes, at most so many.
  func head(_ length: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: base, count: min(length, count)))
  }

  /// Whether the file still has all its bytes. To read one that is gone is a signal (SIGBUS), no error.
  var isWhole: Bool {
    if descriptor < 0 { return true }
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && Int(status.st_size) >= count
  }

  private static var lastError: String { unsafe String(cString: strerror(errno)) }
}
