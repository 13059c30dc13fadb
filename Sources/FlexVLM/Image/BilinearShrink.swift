// The low view: torch's interpolate(mode="bilinear", antialias=True) on normalised floats.

extension PixelPlanes {
  /// The planes at `side` x `side`; equal to torch within 1e-6.
  ///
  /// Made from the normalised high view and not from the image (Algorithm 2.4).
  func shrunk(to side: Int) -> PixelPlanes {
    precondition(side > 0)
    guard side != size else { return self }
    let filter = ResamplingFilter.bilinear(from: size, to: side)
    let weights = filter.weights.map { Float($0) }
    var output: [Float] = []
    output.reserveCapacity(3 * side * side)
    var row = [Float](repeating: 0, count: size)
    for channel in 0..<3 {
      for y in 0..<side {
        for x in 0..<size { row[x] = 0 }
        for tap in 0..<filter.counts[y] {
          let weight = weights[y * filter.tapLimit + tap]
          let source = (channel * size + filter.starts[y] + tap) * size
          for x in 0..<size { row[x] += weight * values[source + x] }
        }
        for x in 0..<side {
          var sum: Float = 0
          for tap in 0..<filter.counts[x] {
            sum += weights[x * filter.tapLimit + tap] * row[filter.starts[x] + tap]
          }
          output.append(sum)
        }
      }
    }
    return PixelPlanes(size: side, values: output)
  }
}
