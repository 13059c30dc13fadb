import Foundation

/// Files of `Tests/FlexVLMTests/Fixtures`.
enum Fixture {
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL!.appending(path: "Fixtures/\(name)").path
  }

  static func json<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: URL(filePath: path(name))))
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }
}

/// The tensors of a `.safetensors` file, as floats.
struct Safetensors {
  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private let entries: [String: Entry]
  private let data: Data

  init(_ name: String) throws {
    let file = try Data(contentsOf: URL(filePath: Fixture.path(name)))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try JSONSerialization.jsonObject(with: file[8..<8 + length]) as! [String: Any]
    header["__metadata__"] = nil
    entries = try JSONDecoder().decode(
      [String: Entry].self, from: JSONSerialization.data(withJSONObject: header))
    data = file[(8 + length)...]
  }

  func shape(_ name: String) -> [Int] { entries[name]!.shape }

  func floats(_ name: String) -> [Float] {
    let entry = entries[name]!
    let bytes = Array(
      data[data.startIndex + entry.offsets[0]..<data.startIndex + entry.offsets[1]])
    if entry.dtype == "U8" || entry.dtype == "BOOL" { return bytes.map(Float.init) }
    precondition(entry.dtype == "F32")
    return stride(from: 0, to: bytes.count, by: 4).map { at in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * $1) })
    }
  }
}
