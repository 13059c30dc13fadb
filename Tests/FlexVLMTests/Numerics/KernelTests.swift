import Foundation
import Testing

@testable import FlexVLM

/// Each kernel against a plain loop in double precision, over sizes around the vector widths.
///
/// Tolerances are relative to the sum of absolute products, where float32 rounding of n terms stays
/// below n * 6e-8; kernels sum in several lanes, so their error is smaller than a scalar loop's.
@Suite struct KernelTests {
  static let sizes = [1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 257]

  @Test("Dot products with rows", arguments: sizes)
  func scores(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let query = Matrix(random.floats(width), columns: width)
    let wide = Matrix(random.floats(9 * (width + 3)), columns: width + 3)
    let keys = wide.columns(2..<width + 2)  // rows that do not touch
    let scores = Matrix(rows: 1, columns: 9)
    RowAttention.scores(query, keys: keys, scale: 0.5, into: scores)
    for row in 0..<9 {
      let exact = (0..<width).reduce(0.0) { $0 + Double(query[0, $1]) * Double(keys[row, $1]) }
      #expect(abs(Double(scores[0, row]) - 0.5 * exact) < 1e-6 * Double(width))
    }
  }

  @Test("Weighted sums of rows", arguments: [1, 2, 3, 4, 5, 8, 11], sizes)
  func weightedSum(count: Int, width: Int) {
    var random = SeededGenerator(seed: UInt64(width * 31 + count))
    let weights = Matrix(random.floats(count), columns: count)
    let wide = Matrix(random.floats(count * (width + 5)), columns: width + 5)
    let values = wide.columns(1..<width + 1)
    let output = Matrix(random.floats(width), columns: width)
    let before = output.values(row: 0)
    RowAttention.add(weights: weights, values: values, to: output)
    for column in 0..<width {
      let exact = (0..<count).reduce(Double(before[column])) {
        $0 + Double(weights[0, $1]) * Double(values[$1, column])
      }
      #expect(abs(Double(output[0, column]) - exact) < 1e-6 * Double(count + 1))
    }
  }

  @Test("Softmax of a prefix; what lies behind it becomes 0", arguments: sizes)
  func softmax(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let x = Matrix(random.floats(count + 4, in: -30...30), columns: count + 4)
    let input = x.values(row: 0).prefix(count).map(Double.init)
    x.softmax(row: 0, count: count)
    let top = input.max()!
    let exponentials = input.map { exp($0 - top) }
    let sum = exponentials.reduce(0, +)
    for (index, value) in exponentials.enumerated() {
      // 2 ulp of exp and as much again for the sum; x - max is rounded before exp, which makes of
      // its absolute error a relative one.
      let relative = 1e-6 + 6e-8 * abs(input[index] - top)
      #expect(abs(Double(x[0, index]) - value / sum) <= relative * value / sum)
    }
    #expect(x.values(row: 0).suffix(4) == [0, 0, 0, 0])
  }

  @Test("Exponentials of minus infinity are 0, of equal scores 1")
  func extremeExponentials() {
    let x = Matrix([-.infinity, 3, 3, -200], columns: 4)
    let (sum, maximum) = RowAttention.exponentials(x)
    #expect(x.values(row: 0) == [0, 1, 1, 0])
    #expect(sum == 2)
    #expect(maximum == 3)
  }

  @Test("NaN stays NaN, and alone, in exponentials and activations")
  func notNumbers() {
    for position in [0, 5, 16] {
      var inputs = [Float](repeating: 1, count: 17)
      inputs[position] = .nan
      func check(_ what: String, _ body: (Matrix) -> Void) {
        let x = Matrix(inputs, columns: 17)
        body(x)
        let places = x.values(row: 0).indices.filter { x[0, $0].isNaN }
        #expect(places == [position], "\(what)")
      }
      let workspace = Workspace(threads: 1)
      check("exponentials") { _ = RowAttention.exponentials($0) }
      check("quick GELU") { workspace.quickGELU($0) }
      check("GELU") { workspace.gelu($0) }
      check("SiLU") { workspace.siluProduct($0, Matrix(inputs.map { _ in 1 }, columns: 17)) }
    }
  }

  @Test("LayerNorm and RMS norm", arguments: sizes)
  func norms(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let x = Matrix(random.floats(3 * width), columns: width)
    let weight = Matrix(random.floats(width), columns: width)
    let bias = Matrix(random.floats(width), columns: width)
    let (layer, rms) = (Matrix(rows: 3, columns: width), Matrix(rows: 3, columns: width))
    let workspace = Workspace(threads: 2)
    workspace.normalize(x, LayerNorm(weight: weight, bias: bias, epsilon: 1e-5), into: layer)
    workspace.normalize(x, RMSNorm(weight: weight, epsilon: 1e-5), into: rms)
    for row in 0..<3 {
      let values = x.values(row: row).map(Double.init)
      let mean = values.reduce(0, +) / Double(width)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(width)
      for column in 0..<width {
        let (w, b) = (Double(weight[0, column]), Double(bias[0, column]))
        let normal = (values[column] - mean) / (variance + 1e-5).squareRoot() * w + b
        // A row of one element has no variance: rounding of its mean is all there is.
        #expect(abs(Double(layer[row, column]) - normal) < (width == 1 ? 1e-4 : 2e-5))
        let scaled = values[column] / (square + 1e-5).squareRoot() * w
        #expect(abs(Double(rms[row, column]) - scaled) < 1e-5)
      }
    }
  }

  @Test("Activations over their whole range")
  func activations() {
    let inputs = stride(from: Float(-20), through: 20, by: 0.01).map { $0 } + [-1000, 1000, 0]
    let (quick, exact, gate) = (
      Matrix(inputs, columns: inputs.count), Matrix(inputs, columns: inputs.count),
      Matrix(inputs, columns: inputs.count)
    )
    let up = Matrix(inputs.map { 1 - $0 / 7 }, columns: inputs.count)
    let workspace = Workspace(threads: 1)
    workspace.quickGELU(quick)
    workspace.gelu(exact)
    workspace.siluProduct(gate, up)
    for (index, input) in inputs.enumerated() {
      let x = Double(input)
      let tolerance = 1e-6 * max(1, abs(x))
      #expect(abs(Double(quick[0, index]) - x / (1 + exp(-1.702 * x))) < tolerance)
      #expect(abs(Double(exact[0, index]) - x / 2 * (1 + erf(x / 2.0.squareRoot()))) < tolerance)
      let product = x / (1 + exp(-x)) * Double(up[0, index])
      #expect(abs(Double(gate[0, index]) - product) < tolerance * max(1, abs(x)))
    }
  }

  @Test(
    "Rotary rotation pairs component i with i + width / 2, or neighbours",
    arguments: [
      (false, [-3, 2, 1, 4, -7, 6, 5, 8]), (true, [-2, 1, 3, 4, -6, 5, 7, 8]),
    ] as [(Bool, [Float])])
  func rotation(neighbours: Bool, rotated: [Float]) {
    let x = Matrix([1, 2, 3, 4, 5, 6, 7, 8], columns: 8)
    let (cosines, sines) = (Matrix([0, 1], columns: 2), Matrix([1, 0], columns: 2))
    // two heads of width 4
    x.rotate(row: 0, cosines: cosines, sines: sines, neighbours: neighbours)
    #expect(x.values(row: 0) == rotated)
  }
}
