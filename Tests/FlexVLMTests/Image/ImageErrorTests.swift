import Foundation
import Testing

@testable import FlexVLM

@Suite struct ImageErrorTests {
  @Test("a missing file, and a path through a file")
  func notFound() {
    for path in ["/no/such/image.png", ImageFixtures.path(of: "rgb-8.png") + "/x"] {
      #expect(throws: ImageError.notFound(path: path)) { try RGBImage(contentsOfFile: path) }
    }
  }

  @Test("what the system refuses to read comes with its reason")
  func unreadable() {
    let folder = Fixture.path("images")
    #expect(throws: ImageError.unreadable(path: folder, reason: "Is a directory")) {
      try RGBImage(contentsOfFile: folder)
    }
    let longName = String(repeating: "n", count: 300)
    #expect(throws: ImageError.unreadable(path: longName, reason: "File name too long")) {
      try RGBImage(contentsOfFile: longName)
    }
  }

  @Test("no bytes")
  func empty() {
    #expect(throws: ImageError.empty(name: "/dev/null")) {
      try RGBImage(contentsOfFile: "/dev/null")
    }
  }

  @Test("a file is read up to its limit and not beyond")
  func fileSize() throws {
    let path = ImageFixtures.path(of: "rgb-8.png")
    let count = ImageFixtures.bytes(of: "rgb-8.png").count
    #expect(try readFile(path, limit: count).count == count)
    #expect(throws: ImageError.fileTooLarge(name: path, limit: count - 1)) {
      try readFile(path, limit: count - 1)
    }
    #expect(throws: ImageError.fileTooLarge(name: "/dev/zero", limit: 5_000_000)) {
      try readFile("/dev/zero", limit: 5_000_000)
    }
  }

  @Test(
    "messages say what, where and what to do",
    arguments: [
      (ImageError.notFound(path: "a.png"), "no image file at 'a.png'; check the path"),
      (
        .unreadable(path: "a", reason: "Permission denied"),
        "cannot read the image file 'a': Permission denied"
      ),
      (.empty(name: "a"), "the image file 'a' is empty; copy or download it again"),
      (
        .fileTooLarge(name: "a", limit: RGBImage.maximumFileSize),
        "the image file 'a' is larger than 1024 MiB; make a smaller copy"
      ),
      (
        .unsupportedFormat(name: "a.png", looksLike: "a GIF image"),
        "'a.png' looks like a GIF image, which is not read here; convert it to PNG or JPEG"
      ),
      (
        .unsupportedKind(name: "a.tif", format: "TIFF", kind: "compression 34712"),
        "the TIFF file 'a.tif' is of a kind that is not read here (compression 34712); "
          + "convert it to PNG or JPEG"
      ),
      (
        .notAnImage(name: "a.txt", looksLike: nil),
        "'a.txt' is not an image in a known format; give a PNG, JPEG, WebP or TIFF file"
      ),
      (
        .notAnImage(name: "a.png", looksLike: "a web page"),
        "'a.png' looks like a web page, not like an image; give a PNG, JPEG, WebP or TIFF file"
      ),
      (
        .gitLFSPointer(name: "a.png"),
        "'a.png' is a Git LFS pointer, not the image itself; run 'git lfs pull'"
      ),
      (
        .outOfMemory(name: "a.png", bytes: 805_306_368),
        "the image 'a.png' needs 768 MiB of memory, more than the system gives; "
          + "make a smaller copy"
      ),
      (
        .empty(name: "a\u{1B}]0;b\u{7}\u{202E}c\n.png"),
        #"the image file 'a\u{1B}]0;b\u{7}\u{202E}c\u{A}.png' is empty; copy or download it again"#
      ),
      (
        .damaged(name: "a.png", format: "PNG", reason: "the file ends early"),
        "the PNG file 'a.png' is damaged: the file ends early; copy or download it again"
      ),
      (
        .tooManyPixels(name: "a.png", width: 70_000, height: 9),
        "the image 'a.png' has 70000 x 9 pixels; the limit is 268435456 pixels and 65500 a side; "
          + "make a smaller copy"
      ),
    ])
  func message(error: ImageError, text: String) {
    #expect(error.description == text)
  }
}
