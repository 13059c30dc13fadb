/// What a file is, told from its first bytes; names and extensions are not trusted.
enum FileFormat: Equatable {
  case png
  case jpeg
  case webp
  case tiff
  /// An image or document that is not decoded here, by its usual name.
  case otherImage(String)
  /// Something that is no image, by its usual name.
  case other(String)
  /// What Git leaves in the place of a file that Git LFS keeps elsewhere.
  case gitLFSPointer

  /// Bytes that tell a format, at most.
  static let headLength = 1024

  /// Nil if the bytes begin like no known format.
  init?(bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(Self.headLength))
    func matches(_ signature: Signature) -> Bool {
      head.dropFirst(signature.offset).starts(with: signature.text)
    }
    if let found = Self.signatures.first(where: matches)?.format {
      self = found == .webp && Self.isAnimatedWebP(head) ? .otherImage("an animated WebP") : found
    } else if let found = Self.isoMedia(head) ?? Self.markup(head) {
      self = found
    } else {
      return nil
    }
  }

  /// The usual name, with its article.
  var name: String {
    switch self {
    case .png: "a PNG image"
    case .jpeg: "a JPEG image"
    case .webp: "a WebP image"
    case .tiff: "a TIFF image"
    case .otherImage(let name), .other(let name): name
    case .gitLFSPointer: "a Git LFS pointer"
    }
  }

  /// The flag of the extended header.
  private static func isAnimatedWebP(_ head: [UInt8]) -> Bool {
    head.count > 20 && head[12..<16].elementsEqual("VP8X".utf8) && head[20] & 2 != 0
  }

  /// ISO base media files: a first box "ftyp" that names the brands.
  private static func isoMedia(_ head: [UInt8]) -> FileFormat? {
    guard head.dropFirst(4).starts(with: "ftyp".utf8) else { return nil }
    let size = head[..<4].reduce(0) { $0 << 8 | Int($1) }
    let box = head[8..<max(8, min(size, head.count))]
    let brands = stride(from: 8, to: box.endIndex - 3, by: 4).map {
      String(decoding: box[$0..<$0 + 4], as: UTF8.self)
    }
    func has(_ names: String...) -> Bool { brands.contains(where: names.contains) }
    if has("avif", "avis") { return .otherImage("an AVIF image") }
    if has("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1") {
      return .otherImage("a HEIC image")
    }
    return has("crx ") ? .otherImage("a camera's raw file") : .otherImage("a video")
  }

  /// Texts between angle brackets, and JSON, which servers send in the place of files.
  private static func markup(_ head: [UInt8]) -> FileFormat? {
    let text = String(decoding: head, as: UTF8.self).lowercased()
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.hasPrefix("{") { return .other("a JSON text") }
    guard start.hasPrefix("<") else {
      return text.contains("%pdf-") ? .otherImage("a PDF document") : nil
    }
    if text.contains("<svg") { return .otherImage("an SVG drawing") }
    if text.contains("<html") || text.contains("<!doctype html") { return .other("a web page") }
    return start.hasPrefix("<?xml") ? .other("an XML file") : nil
  }

  private struct Signature {
    let format: FileFormat
    let offset: Int
    let text: [UInt8]

    init(_ format: FileFormat, _ text: String, at offset: Int = 0) {
      self.init(format, Array(text.utf8), at: offset)
    }
    init(_ format: FileFormat, _ text: [UInt8], at offset: Int = 0) {
      (self.format, self.text, self.offset) = (format, text, offset)
    }
  }

  private static let signatures = [
    Signature(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    Signature(.jpeg, [0xFF, 0xD8, 0xFF]),
    Signature(.webp, "WEBP", at: 8),
    Signature(.otherImage("a camera's raw file"), "CR\u{2}", at: 8),
    Signature(.tiff, "II*\0"),
    Signature(.tiff, "MM\0*"),
    Signature(.tiff, "II+\0"),
    Signature(.tiff, "MM\0+"),
    Signature(.gitLFSPointer, "version https://git-lfs"),
    Signature(.otherImage("a GIF image"), "GIF8"),
    Signature(.otherImage("a PDF document"), "%PDF"),
    Signature(.otherImage("a PostScript document"), "%!PS"),
    Signature(
      .otherImage("a JPEG 2000 image"), [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
    Signature(.otherImage("a JPEG 2000 image"), [0xFF, 0x4F, 0xFF, 0x51]),
    Signature(.otherImage("a JPEG XL image"), [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]),
    Signature(.otherImage("a JPEG XL image"), [0xFF, 0x0A]),
    Signature(.otherImage("a JPEG XR image"), [0x49, 0x49, 0xBC, 0x01]),
    Signature(.otherImage("a Photoshop file"), "8BPS"),
    Signature(.otherImage("a GIMP file"), "gimp xcf"),
    Signature(.otherImage("a QOI image"), "qoif"),
    Signature(.otherImage("an icon file"), [0x00, 0x00, 0x01, 0x00]),
    Signature(.otherImage("an icon file"), "icns"),
    Signature(.otherImage("an OpenEXR image"), [0x76, 0x2F, 0x31, 0x01]),
    Signature(.otherImage("a Radiance image"), "#?RADIANCE"),
    Signature(.otherImage("a DDS texture"), "DDS "),
    Signature(.otherImage("a DjVu document"), "AT&TFORM"),
    Signature(.otherImage("a DICOM image"), "DICM", at: 128),
    Signature(.otherImage("a FITS image"), "SIMPLE  ="),
    Signature(.otherImage("a camera's raw file"), "FUJIFILMCCD-RAW"),
    Signature(.otherImage("a Windows metafile"), [0xD7, 0xCD, 0xC6, 0x9A]),
    Signature(.otherImage("a Windows metafile"), " EMF", at: 40),
    Signature(.otherImage("a video"), [0x1A, 0x45, 0xDF, 0xA3]),
    Signature(.otherImage("a video"), "AVI ", at: 8),
    Signature(.otherImage("a PBM image"), "P1\n"),
    Signature(.otherImage("a PGM image"), "P2\n"),
    Signature(.otherImage("a PPM image"), "P3\n"),
    Signature(.otherImage("a PBM image"), "P4\n"),
    Signature(.otherImage("a PGM image"), "P5"),
    Signature(.otherImage("a PPM image"), "P6"),
    Signature(.otherImage("a PAM image"), "P7\n"),
    Signature(.otherImage("a BMP image"), "BM"),
    Signature(.other("a GGUF file"), "GGUF"),
    Signature(.other("a GGML file, from before GGUF"), "lmgg"),
    Signature(.other("a GGML file, from before GGUF"), "fmgg"),
    Signature(.other("a GGML file, from before GGUF"), "tjgg"),
    Signature(.other("a GGML adapter, from before GGUF"), "algg"),
    // PyTorch saves checkpoints as such archives too.
    Signature(.other("a zip archive"), "PK\u{3}\u{4}"),
    Signature(.other("a gzip archive"), [0x1F, 0x8B]),
    Signature(.other("a Python pickle"), [0x80, 0x02]),
    Signature(.other("an HDF5 file"), [0x89, 0x48, 0x44, 0x46]),
    Signature(.other("a numpy array"), [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]),
    // A header's length, below 16 MiB, and its JSON.
    Signature(.other("a safetensors file"), [0x00, 0x00, 0x00, 0x00, 0x00, 0x7B, 0x22], at: 3),
  ]
}
