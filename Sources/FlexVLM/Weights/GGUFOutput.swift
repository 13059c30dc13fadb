internal import Glibc

/// Writes a GGUF file (version 3): settings and the table of tensors first, then each tensor's bytes
/// in the table's order.
///
/// The bytes go to a hidden file beside the wanted one, which takes its name when all are there and
/// is gone when they are not.
final class GGUFOutput {
  /// One tensor as it will be stored; shape row-major.
  struct Tensor {
    let name: String
    let shape: [Int]
    let type: TensorType

    var byteCount: Int { type.byteCount(elements: shape.reduce(1, *)) }
  }

  private let path: String
  private let partial: String
  private let descriptor: Int32
  private let alignment: Int
  private var pending: [UInt8] = []
  private var isOpen = true

  /// - Parameters:
  ///   - replacing: whether a file that exists gives way.
  ///   - values: metadata; each value as GGUF writes it, its type before it.
  /// - Throws: ``WeightsError/cannotWrite(path:reason:)``
  init(
    path: String, replacing: Bool = false, values: [(key: String, bytes: [UInt8])],
    tensors: [Tensor], alignment: Int
  ) throws(WeightsError) {
    guard unsafe replacing || access(path, F_OK) != 0 else {
      throw .cannotWrite(path: path, reason: "it exists; name another file")
    }
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    partial = "\(path[..<slash]).\(path[slash...]).\(getpid()).partial"
    descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: "\(OutputError())") }
    self.path = path
    self.alignment = alignment

    put(UInt32(0x4655_4747))
    put(UInt32(3))
    put(UInt64(tensors.count))
    put(UInt64(values.count))
    for (key, bytes) in values {
      put(key)
      pending += bytes
    }
    var offset = 0
    for tensor in tensors {
      put(tensor.name)
      put(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { put(UInt64(size)) }
      put(tensor.type.rawValue)
      put(UInt64(offset))
      offset += padded(tensor.byteCount)
    }
    pending += [UInt8](repeating: 0, count: padded(pending.count) - pending.count)
    try flush()
  }

  deinit {
    if isOpen {
      close(descriptor)
      unsafe unlink(partial)
    }
  }

  /// Appends bytes of the tensor whose turn it is.
  func write(_ bytes: [UInt8]) throws(WeightsError) {
    pending += bytes
    if pending.count > 1 << 24 { try flush() }
  }

  /// Pads what the tensor, of so many bytes, leaves free before the next one.
  func endTensor(byteCount: Int) throws(WeightsError) {
    try write([UInt8](repeating: 0, count: padded(byteCount) - byteCount))
  }

  /// Gives the complete file its name.
  func finish() throws(WeightsError) {
    try flush()
    guard fsync(descriptor) == 0, close(descriptor) == 0 else {
      throw .cannotWrite(path: path, reason: "\(OutputError())")
    }
    isOpen = false
    guard unsafe rename(partial, path) == 0 else {
      throw .cannotWrite(path: path, reason: "\(OutputError())")
    }
  }

  private func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  private func put(_ text: String) {
    put(UInt64(text.utf8.count))
    pending += text.utf8
  }

  private func put(_ number: some FixedWidthInteger) { pending += Self.bytes(number) }

  /// Little-endian.
  static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: 0, to: number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// A metadata value that is text.
  static func value(_ text: String) -> [UInt8] {
    bytes(UInt32(8)) + bytes(UInt64(text.utf8.count)) + Array(text.utf8)
  }

  /// A metadata value that is a list of whole numbers.
  static func value(_ numbers: [Int]) -> [UInt8] {
    bytes(UInt32(9)) + bytes(UInt32(11)) + bytes(UInt64(numbers.count))
      + numbers.flatMap { bytes(Int64($0)) }
  }

  private func flush() throws(WeightsError) {
    do throws(OutputError) {
      try OutputFile.write(pending, to: descriptor)
    } catch {
      throw .cannotWrite(path: path, reason: "\(error)")
    }
    pending.removeAll(keepingCapacity: true)
  }
}
