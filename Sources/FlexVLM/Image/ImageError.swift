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
  /// The bytes are of a known kind that is not decoded here.
  case unsupportedFormat(name: String, looksLike: String)
  /// The first bytes belong to no known image format.
  case notAnImage(name: String)
  /// A PNG or JPEG that its decoder rejects; `reason` is the decoder's text.
  case damaged(name: String, format: String, reason: String)
  /// The header announces more pixels than ``RGBImage/maximumSide`` and
  /// ``RGBImage/maximumPixelCount`` allow.
  case tooManyPixels(name: String, width: Int, height: Int)
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path):
      "no image file at '\(path)'; check the path"
    case .unreadable(let path, let reason):
      "cannot read the image file '\(path)': \(reason)"
    case .empty(let name):
      "the image file '\(name)' is empty; copy or download it again"
    case .fileTooLarge(let name, let limit):
      "the image file '\(name)' is larger than \(limit >> 20) MiB; make a smaller copy"
    case .unsupportedFormat(let name, let looksLike):
      "'\(name)' looks like \(looksLike), which is not read here; convert it to PNG or JPEG"
    case .notAnImage(let name):
      "'\(name)' is not an image in a known format; give a PNG, JPEG or WebP file"
    case .damaged(let name, let format, let reason):
      "the \(format) file '\(name)' is damaged: \(reason); copy or download it again"
    case .tooManyPixels(let name, let width, let height):
      """
      the image '\(name)' has \(width) x \(height) pixels; the limit is \
      \(RGBImage.maximumPixelCount) pixels and \(RGBImage.maximumSide) a side; make a smaller copy
      """
    }
  }
}
