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

  /// The image centred on a square of its longer side, as LLaVA's `expand2square` does; an odd
  /// remainder goes right or below.
  func squarePadded(background: SIMD3<UInt8>) -> RGBImage {
    guard width != height else { return self }
    let side = max(width, height)
    let (left, top) = ((side - width) / 2, (side - height) / 2)
    var square: [UInt8] = []
    square.reserveCapacity(side * side * 3)
    let backgroundRow = (0..<side).flatMap { _ in [background.x, background.y, background.z] }
    for _ in 0..<top { square += backgroundRow }
    for y in 0..<height {
      square += backgroundRow.prefix(left * 3)
      square += pixels[(y * width * 3)..<((y + 1) * width * 3)]
      square += backgroundRow.prefix((side - width - left) * 3)
    }
    for _ in (top + height)..<side { square += backgroundRow }
    return RGBImage(width: side, height: side, pixels: square)
  }
}
