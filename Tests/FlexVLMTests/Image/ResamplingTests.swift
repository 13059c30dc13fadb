import Testing

@testable import FlexVLM

/// The resamplers against plain twins that follow the definitions sample by sample.
@Suite struct ResamplingTests {
  static let sizes = [1, 2, 3, 7, 8, 31, 67]

  @Test("bicubic equals its twin in every sample", arguments: sizes, sizes)
  func bicubic(from inputs: Int, to outputs: Int) {
    var random = SeededGenerator(seed: UInt64(inputs * 100 + outputs))
    for (width, height) in [(inputs, inputs), (inputs, outputs), (inputs, inputs + 5)] {
      let pixels = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = RGBImage(width: width, height: height, pixels: pixels)
      #expect(image.resizedBicubic(to: outputs) == naiveBicubic(image, outputs))
    }
  }

  @Test("an image on a square is the padded image resized, though nothing is padded")
  func squared() {
    var random = SeededGenerator(seed: 1)
    for (width, height) in [
      (1, 2), (2, 1), (1, 67), (67, 1), (2, 66), (31, 30), (30, 31), (8, 67), (67, 7), (31, 31),
    ] {
      let pixels = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = RGBImage(width: width, height: height, pixels: pixels)
      for side in [1, 2, 7, 30, 67, 90] {
        let twin = naiveBicubic(naiveSquare(image, [9, 200, 77]), side)
        for threads in [1, 3] {
          let square = image.squared(to: side, background: [9, 200, 77], threads: threads)
          #expect(square == twin, "\(width) x \(height)")
        }
      }
    }
  }

  @Test("a strip of the longest side takes no square of it", arguments: [true, false])
  func strip(isWide: Bool) {
    let (width, height) = isWide ? (RGBImage.maximumSide, 1) : (1, RGBImage.maximumSide)
    let strip = RGBImage(
      width: width, height: height, pixels: [UInt8](repeating: 255, count: 3 * 65_500))
    let square = strip.squared(to: 100, background: [9, 200, 77])
    // The white line is 1/655 of a pixel wide, too little to change a sample.
    let background: [UInt8] = [9, 200, 77]
    for place in [0, 30 * 100 + 50, 50 * 100 + 30, 9_999] {
      #expect(Array(square.pixels[place * 3..<place * 3 + 3]) == background)
    }
  }

  // Single-precision sums of values in -1...1 against double precision.
  @Test("the low view's shrink equals its twin", arguments: sizes, sizes)
  func bilinear(from inputs: Int, to outputs: Int) {
    var random = SeededGenerator(seed: UInt64(inputs * 100 + outputs))
    let pixels = (0..<3 * inputs * inputs).map { _ in UInt8.random(in: 0...255, using: &random) }
    let image = NormalizedImage(
      RGBImage(width: inputs, height: inputs, pixels: pixels), mean: [0.5, 0.4, 0.5],
      deviation: [0.5, 0.6, 0.5])
    let (values, shrunk) = (
      image.planes.values, image.shrunk(to: outputs, threads: 1 + outputs % 3)
    )
    expectClose(
      shrunk.values, naiveBilinear(values, inputs, outputs), within: 1e-6, "\(inputs) to \(outputs)"
    )
  }

  @Test("a 3 to 1 shrink has torch's weights, edges renormalised")
  func shrinkWeights() {
    let filter = ResamplingFilter.bilinear(from: 9, to: 3)
    let inner = [1.0, 2, 3, 2, 1].map { $0 / 9 }
    let edge = [2.0, 3, 2, 1].map { $0 / 8 }
    for (row, expected) in [edge, inner, edge.reversed()].enumerated() {
      let weights = (0..<filter.counts[row])
        .map { filter.weights[row * filter.tapLimit + $0] }.filter { $0 != 0 }
      #expect(weights.count == expected.count)
      for (weight, expected) in zip(weights, expected) { #expect(abs(weight - expected) < 1e-15) }
    }
  }

  @Test("flat colours stay, sharp edges are held to 0...255")
  func extremes() {
    let flat = RGBImage(width: 5, height: 9, pixels: [UInt8](repeating: 255, count: 135))
    #expect(flat.resizedBicubic(to: 33).pixels.allSatisfy { $0 == 255 })
    let edge = RGBImage(
      width: 8, height: 1, pixels: (0..<24).map { $0 < 12 ? 0 : 255 }
    ).resizedBicubic(to: 40)
    #expect(edge.pixels.first == 0 && edge.pixels.last == 255)
    #expect(edge.pixels.contains { (1...254).contains($0) })
  }
}

/// Weight of each input for each output, by the definition: [outputs][inputs].
private func naiveWeights(
  _ inputs: Int, _ outputs: Int, radius: Double, _ kernel: (Double) -> Double
) -> [[Double]] {
  let scale = Double(inputs) / Double(outputs)
  let stretch = max(scale, 1)
  return (0..<outputs).map { output in
    let center = (Double(output) + 0.5) * scale
    let first = max(0, Int(center - radius * stretch + 0.5))
    let end = min(inputs, Int(center + radius * stretch + 0.5))
    let raw = (0..<inputs).map { input in
      (first..<end).contains(input) ? kernel(abs(Double(input) + 0.5 - center) / stretch) : 0
    }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }
}

private func naiveBicubic(_ image: RGBImage, _ side: Int) -> RGBImage {
  func weights(_ inputs: Int) -> [[Int]] {
    naiveWeights(inputs, side, radius: 2) { x in
      x < 1
        ? 1.5 * x * x * x - 2.5 * x * x + 1 : x < 2 ? -0.5 * (x * x * x - 5 * x * x + 8 * x - 4) : 0
    }.map { row in row.map { Int(($0 * 4_194_304).rounded(.toNearestOrAwayFromZero)) } }
  }
  func blend(_ samples: [UInt8], _ weights: [Int]) -> UInt8 {
    let sum = zip(samples, weights).reduce(1 << 21) { $0 + Int($1.0) * $1.1 }
    return UInt8(min(max(sum >> 22, 0), 255))
  }
  let (across, down) = (weights(image.width), weights(image.height))
  var rows = (0..<image.height).map { y in
    (0..<image.width).map { x in (0..<3).map { image.pixels[(y * image.width + x) * 3 + $0] } }
  }
  if image.width != side {
    rows = rows.map { row in
      across.map { weights in (0..<3).map { c in blend(row.map { $0[c] }, weights) } }
    }
  }
  if image.height != side {
    rows = down.map { weights in
      (0..<side).map { x in (0..<3).map { c in blend(rows.map { $0[x][c] }, weights) } }
    }
  }
  return RGBImage(width: side, height: side, pixels: rows.flatMap { $0.flatMap { $0 } })
}

private func naiveSquare(_ image: RGBImage, _ background: [UInt8]) -> RGBImage {
  let side = max(image.width, image.height)
  let (left, top) = ((side - image.width) / 2, (side - image.height) / 2)
  let pixels = (0..<side * side).flatMap { place -> [UInt8] in
    let (y, x) = (place / side - top, place % side - left)
    guard (0..<image.height).contains(y), (0..<image.width).contains(x) else { return background }
    return Array(image.pixels[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3])
  }
  return RGBImage(width: side, height: side, pixels: pixels)
}

private func naiveBilinear(_ values: [Float], _ inputs: Int, _ outputs: Int) -> [Float] {
  let weights = naiveWeights(inputs, outputs, radius: 1) { max(1 - $0, 0) }
  return (0..<3).flatMap { channel in
    weights.flatMap { down in
      weights.map { across in
        var sum = 0.0
        for y in 0..<inputs where down[y] != 0 {
          for x in 0..<inputs where across[x] != 0 {
            sum += down[y] * across[x] * Double(values[(channel * inputs + y) * inputs + x])
          }
        }
        return Float(sum)
      }
    }
  }
}
