// The low view: torch's interpolate(mode="bilinear", antialias=True) on normalised floats.

extension NormalizedImage {
  /// The planes at `side` x `side`; equal to torch within 1e-6.
  ///
  /// Made from the normalised high view and not from the image (Algorithm 2.4).
  func shrunk(to side: Int, threads: Int = 1) -> PixelPlanes {
    precondition(side > 0)
    guard side != size else { return planes }
    let filter = ResamplingFilter.bilinear(from: size, to: side)
    let count = 3 * side * side
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      nonisolated(unsafe) let target = buffer.baseAddress!
      let bands = min(side, threads)
      concurrently(tasks: bands, threads: threads) { band, _ in
        unsafe shrink(
          to: side, rows: side * band / bands..<side * (band + 1) / bands, filter, into: target)
      }
      initializedCount = count
    }
    return PixelPlanes(size: side, values: values)
  }

  /// - Parameter target: [3, side, side]
  @unsafe private func shrink(
    to side: Int, rows: Range<Int>, _ filter: ResamplingFilter,
    into target: UnsafeMutablePointer<Float>
  ) {
    let weights = filter.weights.map { Float($0) }
    let width = 3 * size  // of a row, channel after channel
    // The newest rows: those that one output row needs lie together, and two need most of them.
    var newest = [Float](repeating: 0, count: filter.tapLimit * width)
    var known = 0
    var blended = [Float](repeating: 0, count: width)
    for y in rows {
      let taps = filter.starts[y]..<filter.starts[y] + filter.counts[y]
      unsafe newest.withUnsafeMutableBufferPointer { newest in
        for row in max(known, taps.lowerBound)..<max(known, taps.upperBound) {
          unsafe normalize(
            row: row, columns: 0..<size,
            into: newest.baseAddress! + row % filter.tapLimit * width, stride: size)
        }
      }
      known = max(known, taps.upperBound)
      for x in 0..<width { blended[x] = 0 }
      for tap in taps {
        let weight = weights[y * filter.tapLimit + tap - taps.lowerBound]
        let source = tap % filter.tapLimit * width
        for x in 0..<width { blended[x] += weight * newest[source + x] }
      }
      for channel in 0..<3 {
        for x in 0..<side {
          var sum: Float = 0
          for tap in 0..<filter.counts[x] {
            sum +=
              weights[x * filter.tapLimit + tap]
              * blended[channel * size + filter.starts[x] + tap]
          }
          unsafe target[(channel * side + y) * side + x] = sum
        }
      }
    }
  }
}
