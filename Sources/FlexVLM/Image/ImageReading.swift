/// How an image file becomes red, green and blue.
public struct ImageReadingOptions: Sendable {
  /// What becomes of transparency.
  public enum Alpha: Sendable {
    /// Ignore it: the colour stored under a transparent pixel shows, as with PIL's `convert("RGB")`.
    case drop
    /// Lay the image over white.
    case white
  }

  /// What becomes of transparency; dropped by default.
  public var alpha = Alpha.drop
  /// Whether a photo is turned upright by its EXIF orientation; it is by default.
  public var appliesEXIFOrientation = true

  /// The defaults.
  public init() {}
}

extension RGBImage {
  /// The largest file that is read, 1 GiB.
  static let maximumFileSize = 1 << 30

  /// Reads a PNG or JPEG file; see ``init(decoding:name:options:)``.
  public init(
    contentsOfFile path: String, options: ImageReadingOptions = .init()
  ) throws(ImageError) {
    let bytes = try readFile(path, limit: Self.maximumFileSize)
    try self.init(decoding: bytes, name: path, options: options)
  }

  /// Decodes a PNG or JPEG file held in memory.
  ///
  /// Pixels equal those of PIL's `Image.open(file).convert("RGB")`, but for one case: 16-bit grey
  /// keeps the high byte of each sample, as 16-bit colour does, where PIL clips at 255 and shows
  /// white. Gamma and colour profiles are ignored.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; its first bytes tell the format.
  ///   - name: what error messages call the image.
  ///   - options: transparency and orientation.
  /// - Throws: ``ImageError`` for bytes that are no such image, damaged or too large.
  public init(
    decoding bytes: [UInt8], name: String, options: ImageReadingOptions = .init()
  ) throws(ImageError) {
    guard !bytes.isEmpty else { throw .empty(name: name) }
    let codec: ImageCodec
    switch ImageFormat(bytes: bytes) {
    case .png: codec = .png
    case .jpeg: codec = .jpeg
    case .other(let format): throw .unsupportedFormat(name: name, looksLike: format)
    case nil: throw .notAnImage(name: name)
    }
    let decoded = try codec.decode(bytes, name: name, keepsAlpha: options.alpha == .white)
    let pixels =
      decoded.channels == 4 ? Self.compositedOnWhite(rgba: decoded.values) : decoded.values
    self.init(width: decoded.width, height: decoded.height, pixels: pixels)
  }

  /// RGBA over white, rounded as PIL's `paste` with a mask does.
  private static func compositedOnWhite(rgba: [UInt8]) -> [UInt8] {
    var rgb: [UInt8] = []
    rgb.reserveCapacity(rgba.count / 4 * 3)
    for pixel in stride(from: 0, to: rgba.count, by: 4) {
      let alpha = Int(rgba[pixel + 3])
      for channel in 0..<3 {
        let scaled = Int(rgba[pixel + channel]) * alpha + 255 * (255 - alpha) + 128
        rgb.append(UInt8(truncatingIfNeeded: (scaled + (scaled >> 8)) >> 8))
      }
    }
    return rgb
  }
}
