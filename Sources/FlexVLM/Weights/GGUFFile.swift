/// A GGUF file (versions 2 and 3): metadata and a table of tensors, all checked against the file's
/// size before anything is used.
///
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
struct GGUFFile: Sendable {
  struct Tensor: Sendable {
    let name: String
    let type: TensorType
    /// Row-major shape: GGUF's dimensions in reverse, [outputs, inputs] for a weight.
    let shape: [Int]
    /// Bytes from the start of the file.
    let offset: Int

    var elementCount: Int { shape.reduce(1, *) }
    var byteCount: Int { type.byteCount(elements: elementCount) }
  }

  /// Values of `general.architecture` that can be run: this program's, and llama.cpp's of a pair.
  static let runnable = ["flexvlm", "llama", "clip"]

  let file: MappedFile
  let version: UInt32
  let metadata: [String: GGUFValue]
  /// Keys in the order of the file, and where their values lie, type and all.
  let valueRanges: [(key: String, bytes: Range<Int>)]
  /// In the order of the file.
  let tensors: [Tensor]

  /// - Parameter architectures: values of `general.architecture` that are welcome, besides none.
  /// - Throws: ``WeightsError``: cannot be opened, of another kind, or not a well-formed GGUF file.
  init(path: String, architectures: [String] = runnable) throws(WeightsError) {
    file = try WeightsError.mapping { () throws(MappingError) in try MappedFile(path: path) }
    var reader = GGUFReader(file: file)
    guard file.count >= 4, try reader.scalar(UInt32.self) == 0x4655_4747 else {
      throw Self.noGGUF(file)
    }
    version = try reader.scalar(UInt32.self)
    guard version == 2 || version == 3 else {
      // Counted from 1, so that a small number in the other byte order is told by its zeros.
      let isSwapped = version.byteSwapped < 0x1_0000
      let kind = isSwapped ? "a big-endian GGUF file" : "a GGUF file of version \(version)"
      throw .foreign(
        path: path, kind: "\(kind), where little-endian ones of versions 2 and 3 are read")
    }
    let tensorCount = try reader.count("tensors", minimumSize: 24)
    let valueCount = try reader.count("metadata values", minimumSize: 13)
    (metadata, valueRanges) = try Self.metadata(count: valueCount, from: &reader)
    try Self.checkArchitecture(metadata, among: architectures, path: path)
    tensors = try Self.tensors(
      count: tensorCount, from: &reader, fileSize: file.count,
      alignment: Self.alignment(metadata, reader))
  }

  /// What a file is that does not begin as GGUF files do.
  private static func noGGUF(_ file: MappedFile) -> WeightsError {
    switch FileFormat(bytes: file.head(FileFormat.headLength)) {
    case .gitLFSPointer: .gitLFSPointer(path: file.path)
    case let format?: .foreign(path: file.path, kind: "\(format.name), not a GGUF file")
    case nil: .malformed(path: file.path, offset: 0, reason: "it does not begin with 'GGUF'")
    }
  }

  /// Before the tensors, whose types are often foreign too.
  private static func checkArchitecture(
    _ metadata: [String: GGUFValue], among architectures: [String], path: String
  ) throws(WeightsError) {
    guard case .string(let architecture)? = metadata["general.architecture"],
      !architectures.contains(architecture)
    else { return }
    let known = architectures.map { "'\($0)'" }.joined(separator: ", ")
    throw .foreign(
      path: path,
      kind: "a GGUF file of the architecture '\(architecture.prefix(40).printableInLine)', "
        + "where \(known) is run")
  }

  private static func metadata(
    count: Int, from reader: inout GGUFReader
  ) throws(WeightsError) -> ([String: GGUFValue], [(key: String, bytes: Range<Int>)]) {
    var metadata: [String: GGUFValue] = [:]
    var ranges: [(key: String, bytes: Range<Int>)] = []
    for _ in 0..<count {
      let key = try reader.name()
      let start = reader.offset
      guard metadata.updateValue(try reader.value(), forKey: key) == nil else {
        throw reader.malformed("the metadata key '\(key)' occurs twice")
      }
      ranges.append((key, start..<reader.offset))
    }
    return (metadata, ranges)
  }

  static func alignment(
    _ metadata: [String: GGUFValue], _ reader: GGUFReader
  ) throws(WeightsError) -> Int {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard case .integer(let alignment) = value, (8...65536).contains(alignment),
      alignment.nonzeroBitCount == 1
    else { throw reader.malformed("general.alignment is not a power of two from 8 to 65536") }
    return alignment
  }

  private static func tensors(
    count: Int, from reader: inout GGUFReader, fileSize: Int, alignment: Int
  ) throws(WeightsError) -> [Tensor] {
    var entries: [Tensor] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let name = try reader.name()
      guard names.insert(name).inserted else {
        throw reader.malformed("the tensor '\(name)' occurs twice")
      }
      entries.append(try entry(name: name, from: &reader))
    }
    let dataStart = (reader.offset + alignment - 1) / alignment * alignment
    var tensors: [Tensor] = []
    for entry in entries {
      let (offset, overflow) = entry.offset.addingReportingOverflow(dataStart)
      guard !overflow, entry.offset % alignment == 0, offset <= fileSize,
        entry.byteCount <= fileSize - offset
      else {
        throw reader.malformed(
          "the tensor '\(entry.name)' needs \(entry.byteCount) bytes at data offset "
            + "\(entry.offset), outside the file of \(fileSize) bytes or off its alignment")
      }
      tensors.append(
        Tensor(name: entry.name, type: entry.type, shape: entry.shape, offset: offset))
    }
    return tensors
  }

  /// One table entry; its offset still counts from the start of the data.
  private static func entry(
    name: String, from reader: inout GGUFReader
  ) throws(WeightsError) -> Tensor {
    let dimensions = Int(try reader.scalar(UInt32.self))
    guard (1...4).contains(dimensions) else {
      throw reader.malformed("the tensor '\(name)' has \(dimensions) dimensions")
    }
    var shape: [Int] = []
    var elements = 1
    for _ in 0..<dimensions {
      let size = try reader.scalar(UInt64.self)
      let (product, overflow) = elements.multipliedReportingOverflow(
        by: Int(truncatingIfNeeded: size))
      guard size > 0, size < 1 << 40, !overflow, product < 1 << 48 else {
        throw reader.malformed("the tensor '\(name)' has an impossible size")
      }
      elements = product
      shape.insert(Int(size), at: 0)
    }
    let code = try reader.scalar(UInt32.self)
    guard let type = TensorType(rawValue: code) else {
      throw reader.unknownType(code, of: name)
    }
    guard shape[dimensions - 1] % type.blockSize == 0 else {
      throw reader.malformed("rows of the tensor '\(name)' are not whole \(type) blocks")
    }
    let offset = try reader.scalar(UInt64.self)
    guard offset < 1 << 60 else {
      throw reader.malformed("the tensor '\(name)' has an impossible offset")
    }
    return Tensor(name: name, type: type, shape: shape, offset: Int(offset))
  }
}
