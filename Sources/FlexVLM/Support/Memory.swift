internal import Glibc

/// Asks the system for memory ahead of arrays and matrices, which end the program where they get none.
enum Memory {
  /// Whether the system would give so many bytes now.
  ///
  /// - Parameter isReserve: whether most of it may never be touched, and need not be there.
  static func isAvailable(_ bytes: Int, isReserve: Bool = false) -> Bool {
    if bytes <= 0 { return bytes == 0 }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | (isReserve ? MAP_NORESERVE : 0)
    guard let address = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe address != MAP_FAILED
    else { return false }
    return unsafe munmap(address, bytes) == 0
  }

  /// A size as people read it, such as "512 MiB".
  static func text(_ bytes: Int) -> String {
    let mebibytes = max(1, (Double(bytes) / Double(1 << 20)).rounded(.up))
    return mebibytes < 10_240
      ? "\(Int(mebibytes)) MiB" : "\(Int((mebibytes / 1024).rounded(.up))) GiB"
  }
}
