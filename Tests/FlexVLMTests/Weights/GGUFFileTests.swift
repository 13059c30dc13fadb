import Foundation
import Testing

@testable import FlexVLM

@Suite struct GGUFFileTests {
  static func sound() -> GGUFWriter {
    var writer = GGUFWriter()
    writer.set("text", .string("grüße"))
    writer.set("count", .integer(-7))
    writer.set("share", .number(0.25))
    writer.set("flag", .boolean(true))
    writer.set("names", .strings(["a", "", "b"]))
    writer.set("sizes", .integers([1, 2]))
    writer.set("means", .numbers([0.5]))
    writer.add("first", shape: [2, 3], bytes: [UInt8](repeating: 1, count: 24))
    writer.add("second", shape: [5], type: 1, bytes: [UInt8](repeating: 2, count: 10))
    return writer
  }

  @Test("Metadata and tensors come out as they went in")
  func roundTrip() throws {
    try withTemporaryFile(Self.sound().file) { path in
      let gguf = try GGUFFile(path: path)
      #expect(gguf.metadata["text"] == .string("grüße"))
      #expect(gguf.metadata["count"] == .integer(-7))
      #expect(gguf.metadata["share"] == .number(0.25))
      #expect(gguf.metadata["flag"] == .boolean(true))
      #expect(gguf.metadata["names"] == .strings(["a", "", "b"]))
      #expect(gguf.metadata["sizes"] == .integers([1, 2]))
      #expect(gguf.metadata["means"] == .numbers([0.5]))
      #expect(gguf.tensors.map(\.name) == ["first", "second"])
      #expect(gguf.tensors.map(\.shape) == [[2, 3], [5]])
      #expect(gguf.tensors.map(\.byteCount) == [24, 10])
      #expect(gguf.tensors.allSatisfy { $0.offset % 32 == 0 })
    }
  }

  typealias Fault = (name: String, reason: String, break: @Sendable (inout GGUFWriter) -> Void)

  static let faults: [Fault] = [
    ("another format", "does not begin with 'GGUF'", { $0.magic = 0x6B6A_6968 }),
    ("tensors beyond the file", "claims 1099511627776 tensors", { $0.claimedTensors = 1 << 40 }),
    (
      "metadata beyond the file", "claims 18446744073709551615 metadata",
      { $0.claimedValues = .max }
    ),
    ("an unknown value type", "unknown value type 77", { $0.set("x", rawType: 77, bytes: []) }),
    (
      "a text beyond the file", "bytes of text, more than fit",
      { $0.set("x", rawType: 8, bytes: UInt64(1 << 50).littleEndianBytes) }
    ),
    (
      "an array beyond the file", "array elements, more than fit",
      {
        $0.set(
          "x", rawType: 9, bytes: UInt32(0).littleEndianBytes + UInt64.max.littleEndianBytes)
      }
    ),
    (
      "an array of arrays", "an array of arrays",
      {
        $0.set(
          "x", rawType: 9,
          bytes: UInt32(9).littleEndianBytes + UInt64(1).littleEndianBytes
            + [UInt8](repeating: 0, count: 12))
      }
    ),
    (
      "a name that a terminal would obey", #"the name 'a\u{1B}[31mb' has control characters"#,
      { $0.set("a\u{1B}[31mb", .integer(1)) }
    ),
    (
      "a tensor of such a name", #"the name '\u{9B}2J' has control characters"#,
      { $0.add("\u{9B}2J", shape: [1], bytes: [0, 0, 0, 0]) }
    ),
    ("a key twice", "'text' occurs twice", { $0.set("text", .integer(1)) }),
    (
      "a tensor twice", "'first' occurs twice",
      { $0.add("first", shape: [1], bytes: [0, 0, 0, 0]) }
    ),
    ("an unknown tensor type", "type code 99", { $0.add("x", shape: [1], type: 99, bytes: []) }),
    ("no dimensions", "has 0 dimensions", { $0.add("x", shape: [], bytes: []) }),
    (
      "five dimensions", "has 5 dimensions",
      { $0.add("x", shape: [1, 1, 1, 1, 1], bytes: [0, 0, 0, 0]) }
    ),
    ("a size of nothing", "impossible size", { $0.add("x", shape: [0], bytes: []) }),
    ("a negative size", "impossible size", { $0.add("x", shape: [-1], bytes: []) }),
    (
      "a size that overflows", "impossible size",
      { $0.add("x", shape: [1 << 39, 1 << 39], bytes: []) }
    ),
    ("a tensor longer than the file", "outside the file", { $0.add("x", shape: [99], bytes: [0]) }),
    (
      "an offset beyond the file", "outside the file",
      { $0.add("x", shape: [1], bytes: [0, 0, 0, 0], offset: 1 << 59) }
    ),
    (
      "a crooked offset", "off its alignment",
      { $0.add("x", shape: [1], bytes: [0, 0, 0, 0], offset: 4) }
    ),
    ("a negative offset", "impossible offset", { $0.add("x", shape: [1], bytes: [], offset: -32) }),
    (
      "rows of half blocks", "not whole Q8_0 blocks",
      { $0.add("x", shape: [2, 40], type: 8, bytes: [UInt8](repeating: 0, count: 100)) }
    ),
    ("a crooked alignment", "power of two", { $0.set("general.alignment", .integer(12)) }),
    ("a huge alignment", "power of two", { $0.set("general.alignment", .integer(1 << 40)) }),
  ]

  @Test("A fault is named, with its place", arguments: faults.indices)
  func faultIsNamed(index: Int) throws {
    var writer = Self.sound()
    Self.faults[index].break(&writer)
    try withTemporaryFile(writer.file) { path in
      #expect {
        try GGUFFile(path: path)
      } throws: { error in
        guard case .malformed(_, _, let reason)? = error as? WeightsError else { return false }
        return reason.contains(Self.faults[index].reason)
      }
    }
  }

  typealias Kind = (name: String, make: @Sendable (inout GGUFWriter) -> Void)

  static let foreignKinds: [Kind] = [
    ("a GGUF file of version 1, where little-endian", { $0.version = 1 }),
    ("a GGUF file of version 4, where little-endian", { $0.version = 4 }),
    ("a big-endian GGUF file, where little-endian", { $0.version = 0x0300_0000 }),
    ("a zip archive, not a GGUF file", { $0.magic = 0x0403_4B50 }),
    ("a GGML file, from before GGUF, not a GGUF file", { $0.magic = 0x6767_6A74 }),
    (
      "a GGUF file of the architecture 'qwen2vl', where",
      {
        $0.set("general.architecture", .string("qwen2vl"))
        $0.add("x", shape: [1], type: 11, bytes: [])
      }
    ),
    (
      #"a GGUF file of the architecture 'a\u{7}', where"#,
      { $0.set("general.architecture", .string("a\u{7}")) }
    ),
    (
      "a GGUF file with tensors of type Q3_K, where F32, F16,",
      { $0.add("x", shape: [256], type: 11, bytes: [UInt8](repeating: 0, count: 110)) }
    ),
  ]

  @Test(
    "A sound file of another kind is told by what it is, in one line",
    arguments: foreignKinds.indices)
  func foreign(index: Int) throws {
    var writer = Self.sound()
    Self.foreignKinds[index].make(&writer)
    try withTemporaryFile(writer.file) { path in
      let error = #expect(throws: WeightsError.self) { try GGUFFile(path: path) }
      guard case .foreign(path, let told)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(told.hasPrefix(Self.foreignKinds[index].name))
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test("What Git LFS or a server leaves in a model's place is told from a model")
  func noModels() throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 1\n"
    try withTemporaryFile(Array(pointer.utf8)) { path in
      #expect(throws: WeightsError.gitLFSPointer(path: path)) { try GGUFFile(path: path) }
    }
    for (text, kind) in [
      ("<!DOCTYPE html>\n<html>", "a web page, not a GGUF file"),
      (#"{"error":"gated repo"}"#, "a JSON text, not a GGUF file"),
      ("\u{40}\0\0\0\0\0\0\0{\"__metadata__\":{}}", "a safetensors file, not a GGUF file"),
    ] {
      try withTemporaryFile(Array(text.utf8)) { path in
        #expect(throws: WeightsError.foreign(path: path, kind: kind)) { try GGUFFile(path: path) }
      }
    }
  }

  @Test("A file cut anywhere is an error, or as good as whole")
  func truncation() throws {
    let whole = Self.sound().file
    for length in whole.indices {
      try withTemporaryFile(Array(whole[..<length])) { path in
        #expect(throws: WeightsError.self, "\(length) bytes") { try GGUFFile(path: path) }
      }
    }
  }

  @Test("Whatever bytes are changed, nothing crashes and no tensor leaves the file")
  func mutation() throws {
    let whole = Self.sound().file
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      try withTemporaryFile(bytes) { path in
        guard let gguf = try? GGUFFile(path: path) else { return }
        for tensor in gguf.tensors {
          #expect(tensor.offset >= 0 && tensor.offset + tensor.byteCount <= bytes.count)
        }
      }
    }
  }

  @Test("What cannot be opened says why")
  func unopenable() throws {
    for (path, reason) in [
      ("/nonexistent/model.gguf", "No such file or directory"),
      (FileManager.default.temporaryDirectory.path, "not a regular file"),
      ("/dev/null", "not a regular file"),
    ] {
      #expect(throws: WeightsError.cannotOpen(path: path, reason: reason).self) {
        do {
          _ = try GGUFFile(path: path)
        } catch WeightsError.cannotOpen(let path, let text) where text.contains(reason) {
          throw WeightsError.cannotOpen(path: path, reason: reason)
        }
      }
    }
    try withTemporaryFile([]) { path in
      #expect(throws: WeightsError.cannotOpen(path: path, reason: "it is empty")) {
        try GGUFFile(path: path)
      }
    }
  }
}
