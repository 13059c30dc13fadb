import Testing

@testable import FlexVLM

@Suite struct DecodingTests {
  @Test("decoded pixels are PIL's", arguments: ImageFixtures.expectations)
  func parity(_ expected: ImageFixtures.Expectation) throws {
    let image = try RGBImage(
      contentsOfFile: ImageFixtures.path(of: expected.file), options: expected.options)
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    let differences = zip(image.pixels, expected.image.pixels).filter { $0 != $1 }.count
    #expect(differences == 0)
  }

  @Test(
    "other images and documents are named, and what to do with them",
    arguments: [
      ("GIF89a", "a GIF image"),
      ("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "a HEIC image"),
      ("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1heic", "a HEIC image"),
      ("\0\0\0\u{18}ftypavif", "an AVIF image"),
      ("\0\0\0\u{20}ftypmif1\0\0\0\0mif1avifmiaf", "an AVIF image"),
      ("\0\0\0\u{18}ftypcrx \0\0\0\u{1}", "a camera's raw file"),
      ("\0\0\0\u{18}ftypisom", "a video"),
      ("%PDF-1.7", "a PDF document"),
      ("\r\nleft by a mail program\n%PDF-1.4", "a PDF document"),
      ("BM\u{36}", "a BMP image"),
      ("II*\0\u{10}\0\0\0CR\u{2}\0", "a camera's raw file"),
      ("<svg xmlns=", "an SVG drawing"),
      ("\u{FEFF} <?xml version='1.0'?>\n<!-- drawn -->\n<SVG width='1'>", "an SVG drawing"),
      ("RIFF\u{1}\u{1}\0\0WEBPVP8X\u{A}\0\0\0\u{2}\0\0\0", "an animated WebP"),
      ("P6 1 1 255 ", "a PPM image"),
    ])
  func otherImages(start: String, looksLike: String) {
    #expect(throws: ImageError.unsupportedFormat(name: "a.png", looksLike: looksLike)) {
      try RGBImage(decoding: Array(start.utf8), name: "a.png")
    }
  }

  @Test(
    "files that are no images are named",
    arguments: [
      ("<!DOCTYPE html>", "a web page"),
      ("\n<html><body>404", "a web page"),
      ("<?xml version='1.0'?><Error>", "an XML file"),
      (#"{"error": "not found"}"#, "a JSON text"),
      ("GGUF\u{3}", "a GGUF file"),
      ("PK\u{3}\u{4}", "a zip archive"),
      ("hello", nil), ("\u{1}", nil), ("PNG", nil), ("RIFF", nil), ("ftyp", nil),
      ("\0\0\0\0ftyp", "a video"),
    ])
  func noImages(start: String, looksLike: String?) {
    let name = "x"
    let expected: ImageError =
      looksLike == "a video"
      ? .unsupportedFormat(name: name, looksLike: "a video")
      : .notAnImage(name: name, looksLike: looksLike)
    #expect(throws: expected) { try RGBImage(decoding: Array(start.utf8), name: name) }
  }

  @Test("the pointer that Git LFS leaves is told from an image")
  func gitLFSPointer() {
    #expect(throws: ImageError.gitLFSPointer(name: "x")) {
      try RGBImage(
        decoding: Array("version https://git-lfs.github.com/spec/v1\noid sha256:x\n".utf8),
        name: "x")
    }
  }

  @Test(
    "TIFF files of other kinds are told from damaged ones",
    arguments: [
      (259, 34712, "compression 34712"),  // JPEG 2000
      (258, 64, "1 samples of 64 bits, sample format 1, photometric interpretation 1"),
      (262, 8, "1 samples of 8 bits, sample format 1, photometric interpretation 8"),  // Lab
      (254, 1, "its first image is a preview, as in cameras' raw files"),
    ] as [(UInt16, UInt16, String)])
  func otherKinds(tag: UInt16, value: UInt16, kind: String) {
    #expect(throws: ImageError.unsupportedKind(name: "a.tif", format: "TIFF", kind: kind)) {
      try RGBImage(decoding: Self.tiff([tag: value]), name: "a.tif")
    }
  }

  /// A grey pixel; `values` replace or join those of its directory.
  private static func tiff(_ values: [UInt16: UInt16]) -> [UInt8] {
    let grey: [UInt16: UInt16] = [
      256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 4, 277: 1, 278: 1, 279: 1,
    ]
    let entries = grey.merging(values) { $1 }.sorted { $0.key < $1.key }
    var bytes: [UInt8] = Array("II*\0".utf8) + UInt32(8).littleEndianBytes
    bytes += UInt16(entries.count).littleEndianBytes
    for (tag, value) in entries {
      bytes += tag.littleEndianBytes + UInt16(3).littleEndianBytes
      bytes += UInt32(1).littleEndianBytes + UInt32(value).littleEndianBytes
    }
    return bytes + UInt32(0).littleEndianBytes
  }
}
