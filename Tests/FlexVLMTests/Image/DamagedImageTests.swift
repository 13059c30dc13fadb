import Foundation
import Testing

@testable import FlexVLM

/// Hostile bytes give an error or an image, never a crash; run under the address sanitizer too.
@Suite struct DamagedImageTests {
  /// Changed versions of each file; FLEXVLM_MUTATIONS=2000 swift test --filter DamagedImageTests
  private static let rounds =
    ProcessInfo.processInfo.environment["FLEXVLM_MUTATIONS"].flatMap { Int($0) } ?? 60

  private static let upAsStored: ImageReadingOptions = {
    var options = ImageReadingOptions()
    options.appliesEXIFOrientation = false
    return options
  }()

  @Test("a file that is cut off gives an error, or the whole image", arguments: ImageFixtures.files)
  func cut(file: String) throws {
    let bytes = ImageFixtures.bytes(of: file)
    let whole = try RGBImage(decoding: bytes, name: file, options: Self.upAsStored)
    let step = max(bytes.count / 150, 1)
    for count in Set(stride(from: 1, to: bytes.count, by: step)).union(
      bytes.count - 20..<bytes.count)
    {
      let part = Array(bytes.prefix(count))
      do throws(ImageError) {
        let image = try RGBImage(decoding: part, name: file, options: Self.upAsStored)
        #expect(image == whole, "cut at \(count) of \(bytes.count)")
        #expect(count > 40, "cut at \(count), inside the headers")
      } catch {
        #expect(error.tellsOfTheBytes, "cut at \(count): \(error)")
      }
    }
  }

  @Test("changed bytes give an error or an image", arguments: ImageFixtures.files)
  func changed(file: String) {
    let bytes = ImageFixtures.bytes(of: file)
    var random = SeededGenerator(seed: UInt64(bytes.count))
    // Numbers that break sums and sizes, as two, four or eight bytes.
    let extremes: [UInt64] = [0, 1, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 40, .max]
    for round in 0..<Self.rounds {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: changed.indices, using: &random)
        changed[index] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 3 == 0 {
        let number = extremes.randomElement(using: &random)!.littleEndianBytes
        let count = [2, 4, 8].randomElement(using: &random)!
        let index = Int.random(in: 0...max(0, changed.count - count), using: &random)
        let end = min(index + count, changed.count)
        changed.replaceSubrange(index..<end, with: number.prefix(end - index))
      }
      // Without fresh checksums nearly all damage would end at the first of them.
      if round % 2 == 0, file.hasSuffix(".png") { repairChecksums(&changed) }
      do throws(ImageError) {
        let image = try RGBImage(decoding: changed, name: file)
        #expect(image.width * image.height <= RGBImage.maximumPixelCount)
      } catch {
        #expect(error.tellsOfTheBytes, "round \(round): \(error)")
      }
    }
  }

  @Test("stray bytes in a JPEG are passed over, a broken table behind them is an error")
  func strayBytesAndBrokenTable() throws {
    var bytes = ImageFixtures.bytes(of: "ycc-420-progressive.jpg")
    let whole = try RGBImage(decoding: bytes, name: "whole")
    let table = bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xC4]) }!
    bytes.insert(contentsOf: [0x12, 0x34], at: table)
    #expect(try RGBImage(decoding: bytes, name: "stray") == whole)
    bytes[table + 6] = 4  // the table's number, 0 to 3
    #expect(
      throws: ImageError.damaged(name: "broken", format: "JPEG", reason: "Bogus DHT index 4")
    ) {
      try RGBImage(decoding: bytes, name: "broken")
    }
  }

  @Test(
    "sizes beyond the limits are refused before memory is given",
    arguments: [
      (65_501, 1), (1, 65_501), (16_385, 16_384), (65_500, 4_099), (2_147_483_647, 2_147_483_647),
    ])
  func tooManyPixels(width: Int, height: Int) {
    var bytes = ImageFixtures.bytes(of: "rgb-8.png")
    for byte in 0..<4 {
      bytes[16 + byte] = UInt8(truncatingIfNeeded: width >> (24 - 8 * byte))
      bytes[20 + byte] = UInt8(truncatingIfNeeded: height >> (24 - 8 * byte))
    }
    repairChecksums(&bytes)
    #expect(throws: ImageError.tooManyPixels(name: "big", width: width, height: height)) {
      try RGBImage(decoding: bytes, name: "big")
    }
  }

  @Test("a progressive JPEG may not have many passes over many pixels")
  func manyScans() throws {
    let bytes = try Array(
      Data(contentsOf: URL(filePath: Fixture.path("hostile/jpeg-500-scans-268MP.jpg"))))
    #expect(
      throws: ImageError.damaged(name: "a", format: "JPEG", reason: "it has too many scans")
    ) {
      try RGBImage(decoding: bytes, name: "a")
    }
  }

  @Test("a text chunk that claims 2 GB is passed over up to the end of the file")
  func longTextChunk() throws {
    let path = Fixture.path("hostile/png-text-chunk-claims-2GB.png")
    #expect(
      throws: ImageError.damaged(name: path, format: "PNG", reason: "the file ends early")
    ) {
      try RGBImage(contentsOfFile: path)
    }
  }

  @Test("a TIFF image beyond the limits is refused before memory is given")
  func tiffSize() {
    var bytes = ImageFixtures.bytes(of: "rgb-8.tif")
    // The first two entries of the directory, width and height, hold their values in the last 4 bytes.
    for entry in [10, 22] {
      bytes.replaceSubrange(entry + 8..<entry + 12, with: UInt32(65_500).littleEndianBytes)
    }
    #expect(throws: ImageError.tooManyPixels(name: "big", width: 65_500, height: 65_500)) {
      try RGBImage(decoding: bytes, name: "big")
    }
  }

  @Test("a JPEG frame beyond the limits is refused, one without rows is damaged")
  func frameSizes() {
    var bytes = ImageFixtures.bytes(of: "ycc-420.jpg")
    let frame = bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) }! + 5
    bytes.replaceSubrange(frame..<frame + 4, with: [0xFF, 0xDC, 0xFF, 0xDC])  // 65,500 a side
    #expect(throws: ImageError.tooManyPixels(name: "big", width: 65_500, height: 65_500)) {
      try RGBImage(decoding: bytes, name: "big")
    }
    bytes.replaceSubrange(frame..<frame + 2, with: [0, 0])
    #expect(
      throws: ImageError.damaged(
        name: "flat", format: "JPEG", reason: "Empty JPEG image (DNL not supported)")
    ) {
      try RGBImage(decoding: bytes, name: "flat")
    }
  }
}

extension ImageError {
  /// Whether this is a fault of the bytes, and not of the path.
  fileprivate var tellsOfTheBytes: Bool {
    switch self {
    case .empty, .unsupportedFormat, .unsupportedKind, .notAnImage, .gitLFSPointer, .damaged,
      .tooManyPixels, .outOfMemory:
      true
    case .notFound, .unreadable, .fileTooLarge: false
    }
  }
}

/// Gives every chunk of a PNG the checksum of what it now holds.
private func repairChecksums(_ bytes: inout [UInt8]) {
  var position = 8
  while position + 12 <= bytes.count {
    let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    let end = position + 8 + length
    guard end + 4 <= bytes.count else { return }
    var remainder: UInt32 = ~0
    for byte in bytes[position + 4..<end] {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0xEDB8_8320
      }
    }
    for byte in 0..<4 {
      bytes[end + byte] = UInt8(truncatingIfNeeded: ~remainder >> (24 - 8 * byte))
    }
    position = end + 4
  }
}
