/// A metadata value of a GGUF file.
enum GGUFValue: Equatable, Sendable {
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case string(String)
  case integers([Int])
  case numbers([Double])
  case strings([String])
}

/// Reads GGUF's little-endian values from a mapped file, never beyond its end.
struct GGUFReader {
  /// GGUF's codes for the types of metadata values.
  private enum ValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
    case float64

    /// Bytes that one value takes at least.
    var minimumSize: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .string, .uint64, .int64, .float64: 8
      case .array: 12
      }
    }
  }

  /// The most of anything that a file may hold, and the longest text in bytes: far more than any
  /// model has, and less than memory.
  private static let limit = 1 << 24

  private let file: MappedFile
  private(set) var offset = 0

  init(file: MappedFile) { self.file = file }

  func malformed(_ reason: String) -> WeightsError {
    .malformed(path: file.path, offset: offset, reason: reason)
  }

  mutating func scalar<T: BitwiseCopyable>(_ type: T.Type) throws(WeightsError) -> T {
    let size = MemoryLayout<T>.size
    guard size <= file.count - offset else { throw malformed("the file ends too early") }
    defer { offset += size }
    return unsafe (file.base + offset).loadUnaligned(as: type)
  }

  /// A 64-bit count of things that take at least `minimumSize` bytes each.
  mutating func count(_ what: String, minimumSize: Int) throws(WeightsError) -> Int {
    let value = try scalar(UInt64.self)
    guard value <= UInt64((file.count - offset) / minimumSize) else {
      throw malformed("it claims \(value) \(what), more than fit in the file")
    }
    guard value <= Self.limit else {
      throw malformed("it claims \(value) \(what), more than the \(Self.limit) that are read")
    }
    return Int(value)
  }

  /// A tensor's name or a metadata key, of characters that can be shown on a line.
  mutating func name() throws(WeightsError) -> String {
    let name = try string()
    guard name == name.printableInLine else {
      throw malformed("the name '\(name.prefix(80).printableInLine)' has control characters")
    }
    return name
  }

  /// The error for a tensor in a type that is not read, known by name or not.
  func unknownType(_ code: UInt32, of name: String) -> WeightsError {
    let known = TensorType.allCases.map(\.description).joined(separator: ", ")
    guard let type = TensorType.otherNames[code] else {
      return malformed("the tensor '\(name)' has type code \(code); known are \(known)")
    }
    return .foreign(
      path: file.path, kind: "a GGUF file with tensors of type \(type), where \(known) are read")
  }

  mutating func string() throws(WeightsError) -> String {
    let length = try count("bytes of text", minimumSize: 1)
    defer { offset += length }
    let bytes = unsafe UnsafeRawBufferPointer(start: file.base + offset, count: length)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  mutating func value() throws(WeightsError) -> GGUFValue {
    let type = try valueType()
    switch type {
    case .string: return .string(try string())
    case .bool: return .boolean(try scalar(UInt8.self) != 0)
    case .float32, .float64: return .number(try number(type))
    case .array: return try array()
    default: return .integer(try integer(type))
    }
  }

  private mutating func array() throws(WeightsError) -> GGUFValue {
    let type = try valueType()
    let count = try count("array elements", minimumSize: type.minimumSize)
    switch type {
    case .array: throw malformed("it holds an array of arrays")
    case .string:
      var values: [String] = []
      for _ in 0..<count { values.append(try string()) }
      return .strings(values)
    case .float32, .float64:
      var values: [Double] = []
      for _ in 0..<count { values.append(try number(type)) }
      return .numbers(values)
    default:
      var values: [Int] = []
      for _ in 0..<count { values.append(try integer(type)) }
      return .integers(values)
    }
  }

  private mutating func valueType() throws(WeightsError) -> ValueType {
    let code = try scalar(UInt32.self)
    guard let type = ValueType(rawValue: code) else {
      throw malformed("it uses the unknown value type \(code)")
    }
    return type
  }

  private mutating func number(_ type: ValueType) throws(WeightsError) -> Double {
    type == .float32 ? Double(try scalar(Float.self)) : try scalar(Double.self)
  }

  private mutating func integer(_ type: ValueType) throws(WeightsError) -> Int {
    switch type {
    case .uint8, .bool: return Int(try scalar(UInt8.self))
    case .int8: return Int(try scalar(Int8.self))
    case .uint16: return Int(try scalar(UInt16.self))
    case .int16: return Int(try scalar(Int16.self))
    case .uint32: return Int(try scalar(UInt32.self))
    case .int32: return Int(try scalar(Int32.self))
    case .int64: return Int(try scalar(Int64.self))
    default:
      let value = try scalar(UInt64.self)
      guard let integer = Int(exactly: value) else { throw malformed("\(value) is too large") }
      return integer
    }
  }
}
