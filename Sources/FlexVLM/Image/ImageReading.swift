/// How an image file becomes red, green and blue.
public struct ImageReadingOptions: Sendable {
  /// What becomes of transparency.
  public enum Alpha: String, Sendable, CaseIterable {
    /// Ignore it: the colour stored under a transparent pixel shows, as with PIL's `convert("RGB")`.
    case drop
    /// Lay the image over white.
    case white
  }

  /// What becomes of transparency; dropped by default.
  public var alpha = Alpha.drop
  /// Whether a photo is turned upright by its EXIF orientation; it is by default. A TIFF file's own
  /// orientation is always applied, as PIL does.
  public var appliesEXIFOrientation = true

  /// The defaults.
  public init() {}
}

extension RGBImage {
  /// The largest file that is read, 1 GiB.
  static let maximumFileSize = 1 << 30

  /// Reads a PNG, JPEG, WebP or TIFF file; see ``init(decoding:name:options:)``.
  public init(
    contentsOfFile path: String, options: ImageReadingOptions = .init()
  ) throws(ImageError) {
    let bytes = try readFile(path, limit: Self.maximumFileSize)
    try self.init(decoding: bytes, name: path, options: options)
  }

  /// Decodes a PNG, JPEG, WebP or TIFF file held in memory; of several images in a TIFF file, the first.
  ///
  /// Pixels equal those of PIL's `Image.open(file).convert("RGB")`, after `ImageOps.exif_transpose`
  /// unless that is turned off, but for one case: 16-bit grey keeps the high byte of each sample,
  /// as 16-bit colour does, where PIL clips at 255 and shows white. Gamma and colour profiles are
  /// ignored.
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
    let decoder: ImageDecoder
    switch FileFormat(bytes: bytes) {
    case .png: decoder = .png
    case .jpeg: decoder = .jpeg
    case .webp: decoder = .webp
    case .tiff: decoder = .tiff
    case .otherImage(let format): throw .unsupportedFormat(name: name, looksLike: format)
    case .gitLFSPointer: throw .gitLFSPointer(name: name)
    case let format: throw .notAnImage(name: name, looksLike: format?.name)
    }
    let image = try decoder.decode(bytes, name: name, alpha: options.alpha)
    let exif =
      switch decoder {
      case .png: EXIFSegment.inPNG(bytes)
      case .jpeg: EXIFSegment.inJPEG(bytes)
      case .webp: EXIFSegment.inWebP(bytes)
      case .tiff: [] as ArraySlice<UInt8>
      }
    let orientation = options.appliesEXIFOrientation ? EXIFOrientation(tiff: exif) : nil
    self = image.upright(from: orientation ?? .upright)
  }
}
