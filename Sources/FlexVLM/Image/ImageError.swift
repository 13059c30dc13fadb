/// Why an image file could not be read.
public enum ImageError: Error, Equatable {
  /// No file has this path.
  case notFound(path: String)
  /// The file exists but the system refuses to give its bytes: a directory, no permission, a
  /// failing disk. `reason` is the system's text.
  case unreadable(path: String, reason: String)
  /// The file has no bytes.
  case empty(name: String)
  /// The file is longer than `limit` bytes.
  case fileTooLarge(name: String, limit: Int)
  /// An image or document in a format that is not decoded here.
  case unsupportedFormat(name: String, looksLike: String)
  /// A file in a format that is decoded, but of a kind that is not; `kind` tells which.
  case unsupportedKind(name: String, format: String, kind: String)
  /// The bytes belong to no known image format; `looksLike` is what they seem to be, if anything.
  case notAnImage(name: String, looksLike: String?)
  /// The place of a file that Git LFS has not fetched.
  case gitLFSPointer(name: String)
  /// A file that its decoder rejects; `reason` is the decoder's text.
  case damaged(name: String, format: String, reason: String)
  /// The header announces more pixels than ``RGBImage/maximumSide`` and
  /// ``RGBImage/maximumPixelCount`` allow.
  case tooManyPixels(name: String, width: Int, height: Int)
  /// The system does not give the memory, in bytes, that the image needs.
  case outOfMemory(name: String, bytes: Int)
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path):
      "no image file at '\(path.printableInLine)'; check the path"
    case .unreadable(let path, let reason):
      "cannot read the image file '\(path.printableInLine)': \(reason)"
    case .empty(let name):
      "the image file '\(name.printableInLine)' is empty; copy or download it again"
    case .fileTooLarge(let name, let limit):
      "the image file '\(name.printableInLine)' is larger than \(limit >> 20) MiB; make a smaller copy"
    case .unsupportedFormat(let name, let looksLike):
      "'\(name.printableInLine)' looks like \(looksLike), which is not read here; "
        + "convert it to PNG or JPEG"
    case .unsupportedKind(let name, let format, let kind):
      "the \(format) file '\(name.printableInLine)' is of a kind that is not read here (\(kind)); "
        + "convert it to PNG or JPEG"
    case .notAnImage(let name, nil):
      "'\(name.printableInLine)' is not an image in a known format; \(Self.advice)"
    case .notAnImage(let name, let looksLike?):
      "'\(name.printableInLine)' looks like \(looksLike), not like an image; \(Self.advice)"
    case .gitLFSPointer(let name):
      "'\(name.printableInLine)' is a Git LFS pointer, not the image itself; run 'git lfs pull'"
    case .damaged(let name, let format, let reason):
      "the \(format) file '\(name.printableInLine)' is damaged: \(reason.printableInLine); "
        + "copy or download it again"
    case .tooManyPixels(let name, let width, let height):
      """
      the image '\(name.printableInLine)' has \(width) x \(height) pixels; the limit is \
      \(RGBImage.maximumPixelCount) pixels and \(RGBImage.maximumSide) a side; make a smaller copy
      """
    case .outOfMemory(let name, let bytes):
      "the image '\(name.printableInLine)' needs \(Memory.text(bytes)) of memory, more than the system "
        + "gives; make a smaller copy"
    }
  }

  private static var advice: String { "give a PNG, JPEG, WebP or TIFF file" }
}
