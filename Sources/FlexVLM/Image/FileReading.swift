#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file, or of anything that can be read to its end (a pipe).
///
/// - Throws: ``ImageError`` if the file is missing, unreadable, longer than `limit` bytes or too long
///   for the memory that there is.
func readFile(_ path: String, limit: Int) throws(ImageError) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw fileError(path) }
  defer { close(descriptor) }

  var bytes: [UInt8] = []
  var status = stat()
  guard unsafe fstat(descriptor, &status) == 0 else { throw fileError(path) }
  if status.st_mode & S_IFMT == S_IFREG {
    let size = Int(status.st_size)
    guard size <= limit else { throw .fileTooLarge(name: path, limit: limit) }
    guard Memory.isAvailable(size) else { throw .outOfMemory(name: path, bytes: size) }
    bytes.reserveCapacity(size)
  }
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while bytes.count <= limit {
    let count = unsafe chunk.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    if count == 0 { return bytes }
    if count > 0 {
      bytes += chunk[..<count]
    } else if errno != EINTR {
      throw fileError(path)
    }
  }
  throw .fileTooLarge(name: path, limit: limit)
}

private func fileError(_ path: String) -> ImageError {
  let code = errno
  if code == ENOENT || code == ENOTDIR { return .notFound(path: path) }
  return .unreadable(path: path, reason: unsafe String(cString: strerror(code)))
}
