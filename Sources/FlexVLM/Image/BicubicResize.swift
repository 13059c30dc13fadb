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
  func resizedBicubic(width newWidth: Int, height newHeight: Int, threads: Int = 1) -> RGBImage {
    precondition(newWidth > 0 && newHeight > 0)
    var result = self
    if width != newWidth {
      result = result.resizedHorizontally(
        FixedPointFilter(from: width, to: newWidth), threads: threads)
    }
    if height != newHeight {
      result = result.resizedVertically(
        FixedPointFilter(from: height, to: newHeight), threads: threads)
    }
    return result
  }

  /// The image centred on a square of its longer side, as LLaVA's `expand2square` does (an odd
  /// remainder goes right or below; Algorithm 2.1), stretched to `side` x `side` pixels.
  ///
  /// The square itself, which for a strip of 65,500 pixels would take 12 GB, is not made: all taps of
  /// the filter that fall on one side's background meet one colour, and add up to one tap. The sums
  /// are of integers, so the result is the same.
  func squared(to side: Int, background: SIMD3<UInt8>, threads: Int = 1) -> RGBImage {
    precondition(side > 0)
    let (long, short) = (max(width, height), min(width, height))
    if long == short { return resizedBicubic(width: side, height: side, threads: threads) }
    let whole = FixedPointFilter(from: long, to: side)
    let start = (long - short) / 2
    let folded = whole.folded(around: start..<start + short)
    if width < height {
      return resizedHorizontally(folded, Frame(columns: 1, colour: background), threads: threads)
        .resizedVertically(whole, threads: threads)
    }
    return resizedHorizontally(whole, Frame(rows: 1, colour: background), threads: threads)
      .resizedVertically(folded, threads: threads)
  }

  /// Columns at the left and right, or rows above and below, that an image gets before it is resized.
  private struct Frame {
    var columns = 0, rows = 0
    var colour: SIMD3<UInt8> = .zero
  }

  private func resizedHorizontally(
    _ filter: FixedPointFilter, _ frame: Frame = Frame(), threads: Int
  ) -> RGBImage {
    let newWidth = filter.starts.count
    let newHeight = height + 2 * frame.rows
    let count = 3 * newWidth * newHeight
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      nonisolated(unsafe) let target = buffer.baseAddress!
      let block = Int(FX_RESAMPLED_ROWS)
      let blocks = (newHeight + block - 1) / block
      let bands = min(blocks, threads)
      concurrently(tasks: bands, threads: threads) { band, _ in
        let rows = blocks * band / bands * block..<blocks * (band + 1) / bands * block
        unsafe resize(rows: rows.clamped(to: 0..<newHeight), filter, frame, into: target)
      }
      initializedCount = count
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: pixels)
  }

  /// Resizes rows of the framed image, as many at a time as the kernel takes.
  @unsafe private func resize(
    rows: Range<Int>, _ filter: FixedPointFilter, _ frame: Frame,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    let block = Int(FX_RESAMPLED_ROWS)
    let framed = 3 * (width + 2 * frame.columns)
    let resized = 3 * filter.starts.count
    let (stride, newStride) = ((framed + 15) / 16 * 16, (resized + 15) / 16 * 16)
    let (source, result) = (0, block * stride)
    let scratch = result + block * newStride
    var memory = [UInt8](repeating: 0, count: scratch + block * (stride + newStride))
    unsafe memory.withUnsafeMutableBufferPointer { memory in
      let base = memory.baseAddress!
      func fill(_ row: Int) {
        for i in 0..<framed { unsafe base[source + row * stride + i] = frame.colour[i % 3] }
      }
      if frame.columns > 0 { (0..<block).forEach(fill) }
      for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: block) {
        let count = min(block, rows.upperBound - first)
        for row in 0..<count {
          let y = first + row - frame.rows
          if !(0..<height).contains(y) {
            fill(row)
          } else {
            unsafe pixels.withUnsafeBufferPointer {
              unsafe (base + source + row * stride + 3 * frame.columns).update(
                from: $0.baseAddress! + 3 * y * width, count: 3 * width)
            }
          }
        }
        unsafe fx_resample_rows(
          base + source, stride, filter.starts, filter.counts, filter.weights, filter.tapLimit,
          filter.starts.count, base + result, newStride, base + scratch)
        for row in 0..<count {
          unsafe (target + (first + row) * resized).update(
            from: base + result + row * newStride, count: resized)
        }
      }
    }
  }

  private func resizedVertically(_ filter: FixedPointFilter, threads: Int) -> RGBImage {
    let newHeight = filter.starts.count
    let stride = width * 3
    let count = newHeight * stride
    let resized = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      nonisolated(unsafe) let target = buffer.baseAddress!
      concurrently(tasks: newHeight, threads: threads) { y, _ in
        unsafe pixels.withUnsafeBufferPointer { source in
          unsafe filter.weights.withUnsafeBufferPointer { weights in
            unsafe fx_blend_rows(
              source.baseAddress! + Int(filter.starts[y]) * stride,
              weights.baseAddress! + y * filter.tapLimit, Int(filter.counts[y]), stride,
              target + y * stride)
          }
        }
      }
      initializedCount = count
    }
    return RGBImage(width: width, height: newHeight, pixels: resized)
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
