import Foundation

@testable import FlexVLM

/// Writes small GGUF files, sound ones and broken ones.
struct GGUFWriter {
  private var values: [(key: String, bytes: [UInt8])] = []
  private var tensors: [(name: String, dimensions: [Int], type: UInt32, offset: Int)] = []
  private var data: [UInt8] = []
  var version: UInt32 = 3
  var magic: UInt32 = 0x4655_4747
  /// What the header claims, where it lies.
  var claimedTensors: UInt64?
  var claimedValues: UInt64?

  mutating func set(_ key: String, _ value: GGUFValue) {
    values.append((key, Self.bytes(of: value)))
  }

  mutating func set(_ key: String, rawType: UInt32, bytes: [UInt8]) {
    values.append((key, rawType.littleEndianBytes + bytes))
  }

  /// - Parameter shape: row-major, as ``GGUFFile/Tensor/shape``.
  mutating func add(
    _ name: String, shape: [Int], type: UInt32 = 0, bytes: [UInt8], offset: Int? = nil
  ) {
    data += [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
    tensors.append((name, shape.reversed(), type, offset ?? data.count))
    data += bytes
  }

  var file: [UInt8] {
    var bytes = magic.littleEndianBytes + version.littleEndianBytes
    bytes += (claimedTensors ?? UInt64(tensors.count)).littleEndianBytes
    bytes += (claimedValues ?? UInt64(values.count)).littleEndianBytes
    for (key, value) in values { bytes += Self.bytes(of: key) + value }
    for tensor in tensors {
      bytes += Self.bytes(of: tensor.name) + UInt32(tensor.dimensions.count).littleEndianBytes
      bytes += tensor.dimensions.flatMap { UInt64(bitPattern: Int64($0)).littleEndianBytes }
      bytes += tensor.type.littleEndianBytes
      bytes += UInt64(bitPattern: Int64(tensor.offset)).littleEndianBytes
    }
    bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    return bytes + data
  }

  private static func bytes(of text: String) -> [UInt8] {
    UInt64(text.utf8.count).littleEndianBytes + Array(text.utf8)
  }

  private static func bytes(of value: GGUFValue) -> [UInt8] {
    func typed(_ type: UInt32, _ bytes: [UInt8]) -> [UInt8] { type.littleEndianBytes + bytes }
    func array(_ type: UInt32, _ items: [[UInt8]]) -> [UInt8] {
      typed(9, type.littleEndianBytes + UInt64(items.count).littleEndianBytes + items.joined())
    }
    return switch value {
    case .integer(let value): typed(11, Int64(value).littleEndianBytes)
    case .number(let value): typed(12, value.bitPattern.littleEndianBytes)
    case .boolean(let value): typed(7, [value ? 1 : 0])
    case .string(let value): typed(8, bytes(of: value))
    case .integers(let values): array(11, values.map { Int64($0).littleEndianBytes })
    case .numbers(let values): array(12, values.map(\.bitPattern.littleEndianBytes))
    case .strings(let values): array(8, values.map(bytes(of:)))
    }
  }
}

/// A file that exists as long as it is used.
@discardableResult
func withTemporaryFile<Result>(
  _ bytes: [UInt8], _ body: (String) throws -> Result
) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "flexvlm-\(UUID().uuidString)")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
