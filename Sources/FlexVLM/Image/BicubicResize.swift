// PIL's BICUBIC on 8-bit samples, to the rounding: horizontal pass -> uint8 -> vertical pass -> uint8.

extension RGBImage {
  /// The image stretched to `side` x `side` pixels.
  func resizedBicubic(to side: Int) -> RGBImage { resizedBicubic(width: side, height: side) }

  /// The image stretched to a size; equal to PIL's `resize((width, height), Image.BICUBIC)` in every
  /// sample.
  ///
  /// A pass along a side that keeps its length is skipped, as PIL does.
  func resizedBicubic(width newWidth: Int, height newHeight: Int) -> RGBImage {
    precondition(newWidth > 0 && newHeight > 0)
    var result = self
    if width != newWidth { result = result.resizedHorizontally(to: newWidth) }
    if height != newHeight { result = result.resizedVertically(to: newHeight) }
    return result
  }

  private func resizedHorizontally(to outputWidth: Int) -> RGBImage {
    let filter = FixedPointFilter(.bicubic(from: width, to: outputWidth))
    let stride = outputWidth * 3
    let output = unsafe [UInt8](unsafeUninitializedCapacity: height * stride) { output, count in
      for y in 0..<height {
        for x in 0..<outputWidth {
          var red = FixedPointFilter.half
          var green = red
          var blue = red
          var source = (y * width + filter.starts[x]) * 3
          for tap in 0..<filter.counts[x] {
            let weight = filter.weights[x * filter.tapLimit + tap]
            red &+= Int32(pixels[source]) &* weight
            green &+= Int32(pixels[source + 1]) &* weight
            blue &+= Int32(pixels[source + 2]) &* weight
            source += 3
          }
          let target = y * stride + x * 3
          unsafe output[target] = FixedPointFilter.sample(red)
          unsafe output[target + 1] = FixedPointFilter.sample(green)
          unsafe output[target + 2] = FixedPointFilter.sample(blue)
        }
      }
      count = height * stride
    }
    return RGBImage(width: outputWidth, height: height, pixels: output)
  }

  private func resizedVertically(to outputHeight: Int) -> RGBImage {
    let filter = FixedPointFilter(.bicubic(from: height, to: outputHeight))
    let stride = width * 3
    var sums = [Int32](repeating: 0, count: stride)
    var output: [UInt8] = []
    output.reserveCapacity(outputHeight * stride)
    for y in 0..<outputHeight {
      for i in 0..<stride { sums[i] = FixedPointFilter.half }
      for tap in 0..<filter.counts[y] {
        let weight = filter.weights[y * filter.tapLimit + tap]
        let source = (filter.starts[y] + tap) * stride
        for i in 0..<stride { sums[i] &+= Int32(pixels[source + i]) &* weight }
      }
      for i in 0..<stride { output.append(FixedPointFilter.sample(sums[i])) }
    }
    return RGBImage(width: width, height: outputHeight, pixels: output)
  }
}

/// A ``ResamplingFilter`` with PIL's integer weights (`normalize_coeffs_8bpc`).
private struct FixedPointFilter {
  /// 8 bits for a sample and 2 for sums that overshoot leave 22 for the fraction.
  private static let fractionBits: Int32 = 32 - 8 - 2
  /// One half: the start of every sum, which makes the final shift round to nearest.
  static let half: Int32 = 1 << (fractionBits - 1)

  let starts: [Int]
  let counts: [Int]
  let weights: [Int32]  // [outputs, tapLimit]
  let tapLimit: Int

  init(_ filter: ResamplingFilter) {
    starts = filter.starts
    counts = filter.counts
    tapLimit = filter.tapLimit
    weights = filter.weights.map { weight in
      let scaled = weight * Double(Int32(1) << Self.fractionBits)
      return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
  }

  static func sample(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum >> fractionBits, 0), 255))
  }
}
