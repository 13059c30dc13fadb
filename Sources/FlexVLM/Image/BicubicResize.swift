// PIL's BICUBIC on 8-bit samples, to the rounding: horizontal pass -> uint8 -> vertical pass -> uint8.

internal import CKernels

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

  private func resizedHorizontally(to newWidth: Int) -> RGBImage {
    let filter = FixedPointFilter(.bicubic(from: width, to: newWidth))
    var output = [UInt8](repeating: 0, count: height * newWidth * 3)
    unsafe pixels.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        for y in 0..<height {
          unsafe fx_resample_row(
            source.baseAddress! + y * width * 3, filter.starts, filter.counts, filter.weights,
            filter.tapLimit, newWidth, target.baseAddress! + y * newWidth * 3)
        }
      }
    }
    return RGBImage(width: newWidth, height: height, pixels: output)
  }

  private func resizedVertically(to newHeight: Int) -> RGBImage {
    let filter = FixedPointFilter(.bicubic(from: height, to: newHeight))
    let stride = width * 3
    var output = [UInt8](repeating: 0, count: newHeight * stride)
    unsafe pixels.withUnsafeBufferPointer { source in
      unsafe filter.weights.withUnsafeBufferPointer { weights in
        unsafe output.withUnsafeMutableBufferPointer { target in
          for y in 0..<newHeight {
            unsafe fx_blend_rows(
              source.baseAddress! + Int(filter.starts[y]) * stride,
              weights.baseAddress! + y * filter.tapLimit, Int(filter.counts[y]), stride,
              target.baseAddress! + y * stride)
          }
        }
      }
    }
    return RGBImage(width: width, height: newHeight, pixels: output)
  }
}

/// A ``ResamplingFilter`` with PIL's integer weights (`normalize_coeffs_8bpc`).
private struct FixedPointFilter {
  let starts: [Int32]
  let counts: [Int32]
  let weights: [Int32]  // [outputs, tapLimit], 22 fraction bits: 8 are a sample's, 2 for overshoot
  let tapLimit: Int

  init(_ filter: ResamplingFilter) {
    starts = filter.starts.map { Int32($0) }
    counts = filter.counts.map { Int32($0) }
    tapLimit = filter.tapLimit
    weights = filter.weights.map { weight in
      let scaled = weight * Double(1 << 22)
      return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
  }
}
