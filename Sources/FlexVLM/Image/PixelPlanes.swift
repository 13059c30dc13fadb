// Square image -> normalised floats, [3, side, side] -> the low view and the high-resolution crops.

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

  /// `(x / 255 - mean) / deviation` by channel (Algorithm 2.3).
  ///
  /// The product with 1/255 is taken in double precision and rounded to single, as the reference's
  /// image processor does. 256 sample values make a table exact and faster than arithmetic.
  init(normalizing image: RGBImage, mean: [Float], deviation: [Float]) {
    precondition(image.width == image.height && mean.count == 3 && deviation.count == 3)
    let count = image.width * image.height
    size = image.width
    values = unsafe [Float](unsafeUninitializedCapacity: 3 * count) { buffer, initializedCount in
      for channel in 0..<3 {
        let table = (0..<256).map {
          (Float(Double($0) * (1 / 255)) - mean[channel]) / deviation[channel]
        }
        for i in 0..<count {
          unsafe buffer[channel * count + i] = table[Int(image.pixels[3 * i + channel])]
        }
      }
      initializedCount = 3 * count
    }
  }

  /// The `size` x `size` square whose top left pixel is at (`row`, `column`).
  func crop(row: Int, column: Int, size side: Int) -> PixelPlanes {
    precondition(row >= 0 && column >= 0 && side > 0 && max(row, column) + side <= size)
    var cropped: [Float] = []
    cropped.reserveCapacity(3 * side * side)
    for channel in 0..<3 {
      for y in row..<(row + side) {
        let start = (channel * size + y) * size + column
        cropped += values[start..<(start + side)]
      }
    }
    return PixelPlanes(size: side, values: cropped)
  }
}
