/// An image of 8-bit red, green and blue samples.
public struct RGBImage: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Samples, row-major: `[height, width, 3]`.
  public let pixels: [UInt8]

  /// The longest side that a file may announce.
  public static let maximumSide = 65_500
  /// The most pixels that a file may announce, 256 Mi (805 MB decoded).
  public static let maximumPixelCount = 1 << 28

  /// Makes an image from `[height, width, 3]` samples.
  ///
  /// - Precondition: both sides are positive and `pixels` has `height * width * 3` elements.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == height * width * 3)
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
