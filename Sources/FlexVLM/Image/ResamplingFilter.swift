/// Which input samples make each output sample of a one-dimensional resampling, and how much of
/// each: a kernel stretched by the reduction factor, so that shrinking also smooths.
///
/// PIL (`Resample.c`, `precompute_coeffs`) and torch (`antialias=True`) share this window; they
/// differ in kernel and arithmetic.
struct ResamplingFilter {
  /// First input sample of each output sample.
  private(set) var starts: [Int] = []
  /// Number of input samples of each output sample, at most ``tapLimit``.
  private(set) var counts: [Int] = []
  /// Weights, `[outputs, tapLimit]`; a row sums to 1 and is zero beyond its count.
  private(set) var weights: [Double]
  /// The most taps that an output sample can have.
  let tapLimit: Int

  /// - Parameter kernel: the weight at a distance from the centre, zero beyond `radius`.
  init(from inputs: Int, to outputs: Int, radius: Double, kernel: (Double) -> Double) {
    precondition(inputs > 0 && outputs > 0)
    let scale = Double(inputs) / Double(outputs)
    let stretch = max(scale, 1)
    let support = radius * stretch
    tapLimit = Int(support.rounded(.up)) * 2 + 1
    weights = [Double](repeating: 0, count: outputs * tapLimit)
    for output in 0..<outputs {
      let center = (Double(output) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), inputs)
      var sum = 0.0
      for input in start..<end {
        let weight = kernel((Double(input) - center + 0.5) * (1 / stretch))
        weights[output * tapLimit + input - start] = weight
        sum += weight
      }
      if sum != 0 {
        for tap in 0..<(end - start) { weights[output * tapLimit + tap] /= sum }
      }
      starts.append(start)
      counts.append(end - start)
    }
  }

  /// The triangle of bilinear interpolation.
  static func bilinear(from inputs: Int, to outputs: Int) -> ResamplingFilter {
    ResamplingFilter(from: inputs, to: outputs, radius: 1) { max(1 - $0.magnitude, 0) }
  }

  /// The cubic convolution kernel with a = -0.5, PIL's choice (torch has -0.75).
  static func bicubic(from inputs: Int, to outputs: Int) -> ResamplingFilter {
    let a = -0.5
    return ResamplingFilter(from: inputs, to: outputs, radius: 2) {
      let x = $0.magnitude
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
