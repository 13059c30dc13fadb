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
    "other formats are named, and what to do with them",
    arguments: [
      ("GIF89a", "a GIF image"),
      ("\0\0\0\u{18}ftypheic", "a HEIC image"),
      ("\0\0\0\u{18}ftypavif", "an AVIF image"),
      ("\0\0\0\u{18}ftypisom", "a video"),
      ("%PDF-1.7", "a PDF document"),
      ("BM\u{36}", "a BMP image"),
      ("II*\0\u{8}", "a TIFF image"),
      ("MM\0*", "a TIFF image"),
      ("<svg xmlns=", "an SVG drawing"),
      ("<!DOCTYPE html>", "a web page"),
      ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer, not the image itself"),
    ])
  func otherFormats(start: String, looksLike: String) {
    let error = #expect(throws: ImageError.self) {
      try RGBImage(decoding: Array(start.utf8), name: "a.png")
    }
    #expect(error == .unsupportedFormat(name: "a.png", looksLike: looksLike))
  }

  @Test("bytes of no known format", arguments: ["hello", "\u{1}", "PNG", "RIFF"])
  func unknownFormat(text: String) {
    #expect(throws: ImageError.notAnImage(name: "x")) {
      try RGBImage(decoding: Array(text.utf8), name: "x")
    }
  }
}
