// PIL's BICUBIC on 8-bit samples, to the rounding: horizontal pass -> uint8 -> vertical pass -> uint8
// (Algorithm 2.2).

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
    if width != newWidth {
      result = result.resizedHorizontally(FixedPointFilter(from: width, to: newWidth))
    }
    if height != newHeight {
      result = result.resizedVertically(FixedPointFilter(from: height, to: newHeight))
    }
    return result
  }

  /// The image centred on a square of its longer side, as LLaVA's `expand2square` does (an odd
  /// remainder goes right or below; Algorithm 2.1), stretched to `side` x `side` pixels.
  ///
  /// The square itself, which for a strip of 65,500 pixels would take 12 GB, is not made: all taps of
  /// the filter that fall on one side's background meet one colour, and add up to one tap. The sums
  /// are of integers, so the result is the same.
  func squared(to side: Int, background: SIMD3<UInt8>) -> RGBImage {
    precondition(side > 0)
    let (long, short) = (max(width, height), min(width, height))
    if long == short { return resizedBicubic(to: side) }
    let whole = FixedPointFilter(from: long, to: side)
    let start = (long - short) / 2
    let folded = whole.folded(around: start..<start + short)
    if width < height {
      return resizedHorizontally(folded, border: background).resizedVertically(whole)
    }
    let margin = RGBImage(width: width, height: 1, colour: background).resizedHorizontally(whole)
    let content = resizedHorizontally(whole)
    return RGBImage(
      width: side, height: height + 2, pixels: margin.pixels + content.pixels + margin.pixels
    ).resizedVertically(folded)
  }

  private init(width: Int, height: Int, colour: SIMD3<UInt8>) {
    let pixels = (0..<width * height).flatMap { _ in [colour.x, colour.y, colour.z] }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// - Parameter border: a colour that stands for one pixel on either side of each row.
  private func resizedHorizontally(
    _ filter: FixedPointFilter, border: SIMD3<UInt8>? = nil
  ) -> RGBImage {
    let newWidth = filter.starts.count
    var output = [UInt8](repeating: 0, count: height * newWidth * 3)
    var row = border.map { RGBImage(width: width + 2, height: 1, colour: $0).pixels } ?? []
    unsafe output.withUnsafeMutableBufferPointer { target in
      func resample(_ source: UnsafePointer<UInt8>, into y: Int) {
        unsafe fx_resample_row(
          source, filter.starts, filter.counts, filter.weights, filter.tapLimit, newWidth,
          target.baseAddress! + y * newWidth * 3)
      }
      for y in 0..<height {
        let own = y * width * 3..<(y + 1) * width * 3
        if border == nil {
          unsafe pixels.withUnsafeBufferPointer {
            unsafe resample($0.baseAddress! + own.lowerBound, into: y)
          }
        } else {
          row.replaceSubrange(3..<3 + own.count, with: pixels[own])
          unsafe row.withUnsafeBufferPointer { unsafe resample($0.baseAddress!, into: y) }
        }
      }
    }
    return RGBImage(width: newWidth, height: height, pixels: output)
  }

  private func resizedVertically(_ filter: FixedPointFilter) -> RGBImage {
    let newHeight = filter.starts.count
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

/// A bicubic ``ResamplingFilter`` with PIL's integer weights (`normalize_coeffs_8bpc`).
private struct FixedPointFilter {
  let starts: [Int32]
  let counts: [Int32]
  let weights: [Int32]  // [outputs, tapLimit], 22 fraction bits: 8 are a sample's, 2 for overshoot
  let tapLimit: Int

  init(from inputs: Int, to outputs: Int) {
    let filter = ResamplingFilter.bicubic(from: inputs, to: outputs)
    starts = filter.starts.map { Int32($0) }
    counts = filter.counts.map { Int32($0) }
    tapLimit = filter.tapLimit
    weights = filter.weights.map { weight in
      let scaled = weight * Double(1 << 22)
      return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
  }

  private init(starts: [Int], taps: [[Int32]]) {
    let tapLimit = taps.map(\.count).max() ?? 0
    self.starts = starts.map { Int32($0) }
    self.tapLimit = tapLimit
    counts = taps.map { Int32($0.count) }
    weights = taps.flatMap { $0 + Array(repeating: 0, count: tapLimit - $0.count) }
  }

  /// The filter for `inner` alone of its inputs, with one input before and one behind them that stand
  /// for all others there.
  func folded(around inner: Range<Int>) -> FixedPointFilter {
    var (newStarts, newTaps): ([Int], [[Int32]]) = ([], [])
    for output in starts.indices {
      let start = Int(starts[output])
      let end = start + Int(counts[output])
      func sum(_ inputs: Range<Int>) -> [Int32] {
        inputs.isEmpty ? [] : [inputs.reduce(0) { $0 + weight(output, of: $1) }]
      }
      let before = start..<max(start, min(end, inner.lowerBound))
      let behind = min(end, max(start, inner.upperBound))..<end
      let between = before.upperBound..<max(before.upperBound, behind.lowerBound)
      newStarts.append(min(max(start - inner.lowerBound + 1, 0), inner.count + 1))
      newTaps.append(sum(before) + between.map { weight(output, of: $0) } + sum(behind))
    }
    return FixedPointFilter(starts: newStarts, taps: newTaps)
  }

  private func weight(_ output: Int, of input: Int) -> Int32 {
    weights[output * tapLimit + input - Int(starts[output])]
  }
}
