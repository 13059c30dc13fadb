import Testing

@testable import FlexVLM

/// Products in bfloat16 and in integers, by each set of instructions that this processor has,
/// against plain loops over the same rounded numbers.
@Suite struct ReducedProductTests {
  static let kernels = BFloat16Product.allCases.filter(\.isAvailable)
  static let dots = IntegerDot.allCases.filter(\.isAvailable)
  static let quantised = TensorType.allCases.filter { $0.blockSize > 1 }

  /// Rounded to the nearest bfloat16, ties to even.
  static func bfloat(_ x: Float) -> Double {
    let bits = x.bitPattern
    let rounded = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000
    return Double(Float(bitPattern: rounded))
  }

  @Test(
    "Products in bfloat16: shapes around the kernels' squares, with bias and added",
    arguments: kernels,
    [
      (5, 1, 32), (6, 64, 32), (7, 65, 33), (13, 96, 588), (31, 16, 64), (32, 33, 512),
      (33, 130, 1100), (64, 64, 1), (70, 48, 96),
    ])
  func products(kernel: BFloat16Product, shape: (tokens: Int, outputs: Int, inputs: Int)) throws {
    let (tokens, outputs, inputs) = shape
    let stored = try LinearTests.Stored(.f32, rows: outputs, columns: inputs, seed: 1)
    var random = SeededGenerator(seed: 2)
    let x = Matrix(random.floats(tokens * inputs), columns: inputs)
    let bias = Matrix(random.floats(outputs), columns: outputs)
    // A view into wider rows: what lies beside it must stay.
    let wide = Matrix(random.floats(tokens * (outputs + 2)), columns: outputs + 2)
    for (bias, adding) in [(nil, false), (bias, false), (nil, true), (bias, true)] {
      let y = Matrix(rows: tokens, columns: outputs + 2)
      y.copy(from: wide)
      Workspace(threads: 2, product: kernel, dot: nil).linear(
        x, stored.weight, bias: bias, adding: adding, into: y.columns(1..<outputs + 1))
      for token in 0..<tokens {
        #expect(y[token, 0] == wide[token, 0] && y[token, outputs + 1] == wide[token, outputs + 1])
        for output in 0..<outputs {
          var exact = Double(bias?[0, output] ?? 0) + (adding ? Double(wide[token, output + 1]) : 0)
          for input in 0..<inputs {
            exact +=
              Self.bfloat(x[token, input]) * Self.bfloat(stored.values[output * inputs + input])
          }
          // Products are exact in float32; sums of 1100 terms of at most 1 round by less than this.
          #expect(abs(Double(y[token, output + 1]) - exact) < 2e-4, "\(token), \(output)")
        }
      }
    }
  }

  @Test("Every stored type is packed as it is widened", arguments: kernels, TensorType.allCases)
  func types(kernel: BFloat16Product, type: TensorType) throws {
    let (outputs, inputs, tokens) = (37, 768, 7)
    let stored = try LinearTests.Stored(type, rows: outputs, columns: inputs, seed: 4)
    let widened = try LinearTests.Stored(
      .f32, rows: outputs, columns: inputs, values: stored.values)
    var random = SeededGenerator(seed: 5)
    let x = Matrix(random.floats(tokens * inputs), columns: inputs)
    let (a, b) = (Matrix(rows: tokens, columns: outputs), Matrix(rows: tokens, columns: outputs))
    let workspace = Workspace(threads: 1, product: kernel, dot: nil)
    workspace.linear(x, stored.weight, into: a)
    workspace.linear(x, widened.weight, into: b)
    for row in 0..<tokens { #expect(a.values(row: row) == b.values(row: row)) }
  }

  @Test("Products divided among threads are those of one", arguments: kernels, [2, 3, 7])
  func threads(kernel: BFloat16Product, count: Int) throws {
    let stored = try LinearTests.Stored(.f16, rows: 130, columns: 96, seed: 6)
    var random = SeededGenerator(seed: 7)
    let x = Matrix(random.floats(1100 * 96), columns: 96)
    let (one, many) = (Matrix(rows: 1100, columns: 130), Matrix(rows: 1100, columns: 130))
    for (threads, y) in [(1, one), (count, many)] {
      Workspace(threads: threads, product: kernel, dot: nil)
        .linear(x, stored.weight, into: y)
    }
    for row in 0..<1100 { #expect(one.values(row: row) == many.values(row: row)) }
  }

  @Test("NaN and infinity stay what they are", arguments: kernels)
  func extremes(kernel: BFloat16Product) throws {
    let stored = try LinearTests.Stored(.f32, rows: 1, columns: 2, values: [1, 0])
    let inputs: [Float] = [.nan, .infinity, -.infinity, 3.4e38, 1, 2]
    let x = Matrix(inputs.flatMap { [$0, 0] }, columns: 2)
    let y = Matrix(rows: 6, columns: 1)
    Workspace(threads: 1, product: kernel, dot: nil).linear(x, stored.weight, into: y)
    #expect(y[0, 0].isNaN)
    // 3.4e38 is beyond the largest bfloat16 by more than half its last place.
    #expect((1..<6).map { y[$0, 0] } == [.infinity, -.infinity, .infinity, 1, 2])
  }

  /// The codes of a row, as plain numbers: all, and the high ones alone.
  private func codes(_ x: [Float]) -> [(whole: Double, high: Double)] {
    stride(from: 0, to: x.count, by: 32).flatMap { start -> [(whole: Double, high: Double)] in
      let group = x[start..<start + 32]
      let largest = group.map(abs).max()!
      let scale = Double(largest / 127)
      let inverse: Float = largest > 0 ? 127 * 128 / largest : 0
      return group.map { value in
        let code = Int((value * inverse).rounded(.toNearestOrAwayFromZero))
        let high = (code + 64) >> 7
        return (scale * Double(code) / 128, scale * Double(high))
      }
    }
  }

  @Test("Few rows in integers equal plain loops", arguments: quantised, dots)
  func fewRows(type: TensorType, dot: IntegerDot) throws {
    try expectCodes(
      type, tokens: 3, outputs: 9, usesWholeCodes: [.q8, .q6K].contains(type),
      Workspace(threads: 2, product: nil, dot: dot))
  }

  @Test("Many rows in bytes equal plain loops", arguments: quantised)
  func manyRows(type: TensorType) throws {
    let workspace = Workspace(
      threads: 2, product: nil, dot: nil, usesBytes: IntegerDot.vnni.isAvailable)
    for (tokens, outputs) in [(5, 1), (6, 17), (7, 70)] where type.hasBytes {
      try expectCodes(
        type, tokens: tokens, outputs: outputs, usesWholeCodes: false, workspace)
    }
  }

  /// Products against plain loops over the same codes.
  private func expectCodes(
    _ type: TensorType, tokens: Int, outputs: Int, usesWholeCodes: Bool, _ workspace: Workspace
  ) throws {
    for inputs in [256, 768] + (type.blockSize == 32 ? [32, 96, 544] : []) {
      let stored = try LinearTests.Stored(type, rows: outputs, columns: inputs, seed: 8)
      var random = SeededGenerator(seed: 9)
      var numbers = random.floats(tokens * inputs)
      for index in 0..<32 { numbers[index] = 0 }  // a group without a scale
      numbers[inputs - 1] = 1000  // one with an outlier
      let x = Matrix(numbers, columns: inputs)
      let y = Matrix(rows: tokens, columns: outputs)
      y.fill(1)
      let bias = Matrix(random.floats(outputs), columns: outputs)
      workspace.linear(x, stored.weight, bias: bias, adding: true, into: y)
      for token in 0..<tokens {
        let codes = codes(x.values(row: token))
        for output in 0..<outputs {
          let row = stored.values[output * inputs..<(output + 1) * inputs]
          let terms = zip(row, codes).map {
            Double($0) * (usesWholeCodes ? $1.whole : $1.high)
          }
          let size = terms.reduce(0) { $0 + abs($1) }
          // Sums of a group are exact; float32 rounds the sums of groups, and of what a block's
          // weights have in common, which are several times as large.
          let exact = terms.reduce(Double(bias[0, output]) + 1, +)
          #expect(
            abs(Double(y[token, output]) - exact) <= 5e-6 * (size + 1),
            "\(inputs) inputs, output \(output)")
        }
      }
    }
  }

  @Test("Integers cost little: relative error of sums", arguments: quantised)
  func accuracy(type: TensorType) throws {
    let (outputs, inputs) = (64, 2048)
    let stored = try LinearTests.Stored(type, rows: outputs, columns: inputs, seed: 10)
    var random = SeededGenerator(seed: 11)
    let x = Matrix(random.floats(inputs), columns: inputs)
    let (exact, rounded) = (Matrix(rows: 1, columns: outputs), Matrix(rows: 1, columns: outputs))
    Workspace(threads: 1).linear(x, stored.weight, into: exact)
    Workspace(threads: 1, precision: .auto).linear(x, stored.weight, into: rounded)
    var (error, size) = (0.0, 0.0)
    for output in 0..<outputs {
      let difference = Double(exact[0, output] - rounded[0, output])
      error += difference * difference
      size += Double(exact[0, output]) * Double(exact[0, output])
    }
    // A code's error is up to half of 1/127 (high codes) or 1/16256 of its group's largest number.
    #expect((error / size).squareRoot() < ([.q8, .q6K].contains(type) ? 5e-5 : 7e-3))
  }

  @Test("What is not finite does not turn into numbers", arguments: quantised, dots)
  func notFinite(type: TensorType, dot: IntegerDot) throws {
    let stored = try LinearTests.Stored(type, rows: 4, columns: 256, seed: 12)
    for value in [Float.nan, .infinity] {
      let x = Matrix((0..<256).map { $0 == 40 ? value : 1 }, columns: 256)
      let y = Matrix(rows: 1, columns: 4)
      Workspace(threads: 1, product: nil, dot: dot).linear(x, stored.weight, into: y)
      #expect(y.values(row: 0).allSatisfy { !$0.isFinite })
    }
  }
}

extension TensorType {
  fileprivate var hasBytes: Bool { unsafe kernels.unpack != nil && IntegerDot.vnni.isAvailable }
}
