// Square image -> normalised floats: the low view, and the crops of the high view that are looked at.

/// A square image as normalised floating-point planes.
struct PixelPlanes: Sendable {
  /// Rows and columns of a plane.
  let size: Int
  /// Samples, `[3, size, size]`.
  let values: [Float]

  init(size: Int, values: [Float]) {
    precondition(size > 0 && values.count == 3 * size * size)
    self.size = size
    self.values = values
  }
}

/// A square image whose samples are normalised where a part of it is asked for: bytes take a quarter
/// of the memory of planes, and most crops are never looked at.
struct NormalizedImage: Sendable {
  private let image: RGBImage
  /// The number of each sample value, `[3, 256]`.
  private let numbers: [Float]

  /// `(x / 255 - mean) / deviation` by channel (Algorithm 2.3).
  ///
  /// The product with 1/255 is taken in double precision and rounded to single, as the reference's
  /// image processor does. 256 sample values make a table exact and faster than arithmetic.
  init(_ image: RGBImage, mean: [Float], deviation: [Float]) {
    precondition(image.width == image.height && mean.count == 3 && deviation.count == 3)
    self.image = image
    numbers = (0..<3).flatMap { channel in
      (0..<256).map { (Float(Double($0) * (1 / 255)) - mean[channel]) / deviation[channel] }
    }
  }

  /// Rows and columns.
  var size: Int { image.width }

  /// The whole image.
  var planes: PixelPlanes { crop(row: 0, column: 0, size: size) }

  /// The `size` x `size` square whose top left pixel is at (`row`, `column`).
  func crop(row: Int, column: Int, size side: Int) -> PixelPlanes {
    precondition(row >= 0 && column >= 0 && side > 0 && max(row, column) + side <= size)
    let count = 3 * side * side
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      for y in 0..<side {
        unsafe normalize(
          row: row + y, columns: column..<column + side, into: buffer.baseAddress! + y * side,
          stride: side * side)
      }
      initializedCount = count
    }
    return PixelPlanes(size: side, values: values)
  }

  /// Writes a part of a row, whose channels go `stride` floats apart.
  @unsafe func normalize(
    row: Int, columns: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    precondition(image.pixels.indices.contains(3 * (row * size + columns.upperBound) - 1))
    unsafe image.pixels.withUnsafeBufferPointer { pixels in
      unsafe numbers.withUnsafeBufferPointer { numbers in
        let source = unsafe pixels.baseAddress! + 3 * (row * size + columns.lowerBound)
        for x in 0..<columns.count {
          for channel in 0..<3 {
            unsafe target[channel * stride + x] =
              numbers[256 * channel + Int(source[3 * x + channel])]
          }
        }
      }
    }
  }
}
