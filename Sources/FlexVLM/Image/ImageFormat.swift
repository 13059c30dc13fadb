/// What a file is, told from its first bytes; names and extensions are not trusted.
enum ImageFormat: Equatable {
  case png
  case jpeg
  case webp
  /// A known format that is not decoded here, by its usual name.
  case other(String)

  /// Nil if the bytes begin like no known format.
  init?(bytes: [UInt8]) {
    func matches(_ signature: Signature) -> Bool {
      bytes.dropFirst(signature.offset).starts(with: signature.text)
    }
    guard let found = Self.signatures.first(where: matches) else { return nil }
    self = found.format
  }

  private struct Signature {
    let format: ImageFormat
    let offset: Int
    let text: [UInt8]

    init(_ format: ImageFormat, _ text: String, at offset: Int = 0) {
      self.init(format, Array(text.utf8), at: offset)
    }
    init(_ format: ImageFormat, _ text: [UInt8], at offset: Int = 0) {
      (self.format, self.text, self.offset) = (format, text, offset)
    }
  }

  private static let signatures = [
    Signature(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    Signature(.jpeg, [0xFF, 0xD8, 0xFF]),
    Signature(.webp, "WEBP", at: 8),
    Signature(.other("a GIF image"), "GIF8"),
    Signature(.other("an AVIF image"), "ftypavi", at: 4),
    Signature(.other("a HEIC image"), "ftyphe", at: 4),
    Signature(.other("a HEIC image"), "ftypmif1", at: 4),
    Signature(.other("a video"), "ftyp", at: 4),
    Signature(.other("a PDF document"), "%PDF"),
    Signature(.other("a TIFF image"), "II*\0"),
    Signature(.other("a TIFF image"), "MM\0*"),
    Signature(.other("a JPEG 2000 image"), [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
    Signature(.other("a JPEG XL image"), [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]),
    Signature(.other("a JPEG XL image"), [0xFF, 0x0A]),
    Signature(.other("a Photoshop file"), "8BPS"),
    Signature(.other("a QOI image"), "qoif"),
    Signature(.other("an icon file"), [0x00, 0x00, 0x01, 0x00]),
    Signature(.other("a PPM image"), "P6"),
    Signature(.other("an SVG drawing"), "<svg"),
    Signature(.other("an XML or SVG file"), "<?xml"),
    Signature(.other("a web page"), "<!DOCTYPE html"),
    Signature(.other("a web page"), "<!doctype html"),
    Signature(.other("a web page"), "<html"),
    Signature(.other("a Git LFS pointer, not the image itself"), "version https://git-lfs"),
    Signature(.other("a BMP image"), "BM"),
  ]
}
