import Foundation
import Testing

@testable import FlexVLM

/// Linear layers on stored weights of every type against plain loops over the widened weights.
@Suite struct LinearTests {
  /// A weight file of one tensor, and its values as they are stored.
  struct Stored {
    let weight: WeightMatrix
    let values: [Float]

    init(_ type: TensorType, rows: Int, columns: Int, seed: UInt64) throws {
      var random = SeededGenerator(seed: seed)
      try self.init(type, rows: rows, columns: columns, values: random.floats(rows * columns))
    }

    /// - Parameter values: what is stored, as near as the type can hold it.
    init(_ type: TensorType, rows: Int, columns: Int, values floats: [Float]) throws {
      let bytes = type.packed(floats)
      values = type.widened(bytes)
      // A mapping outlives the file's name.
      weight = WeightMatrix(
        type: type, rows: rows, columns: columns,
        file: try withTemporaryFile(bytes) { try MappedFile(path: $0) }, offset: 0)
    }
  }

  @Test(
    "y = x W^T, with bias and added",
    arguments: TensorType.allCases, [1, 3, 5, 70])
  func linear(type: TensorType, tokens: Int) throws {
    let (outputs, inputs) = (37, 256)
    let stored = try Stored(type, rows: outputs, columns: inputs, seed: UInt64(tokens))
    var random = SeededGenerator(seed: 3)
    let x = Matrix(random.floats(tokens * inputs), columns: inputs)
    let bias = Matrix(random.floats(outputs), columns: outputs)
    let start = Matrix(random.floats(tokens * outputs), columns: outputs)
    for (bias, adding) in [(nil, false), (bias, false), (nil, true), (bias, true)] {
      let y = Matrix(rows: tokens, columns: outputs)
      y.copy(from: start)
      Workspace(threads: 2).linear(x, stored.weight, bias: bias, adding: adding, into: y)
      for token in 0..<tokens {
        for output in 0..<outputs {
          var exact = Double(bias?[0, output] ?? 0) + (adding ? Double(start[token, output]) : 0)
          for input in 0..<inputs {
            exact += Double(x[token, input]) * Double(stored.values[output * inputs + input])
          }
          // 256 terms of at most 1: float32 rounds their sum, of about 5, by less than 1e-4.
          #expect(abs(Double(y[token, output]) - exact) < 1e-4)
        }
      }
    }
  }

  @Test("Products divided among threads equal those of one", arguments: [1, 2, 3, 4, 7])
  func threads(count: Int) throws {
    // Large enough to be divided both by rows and by columns, and to need several panels' blocks.
    let stored = try Stored(.f16, rows: 515, columns: 256, seed: 1)
    var random = SeededGenerator(seed: 2)
    for tokens in [2, 300, 1200] {
      let x = Matrix(random.floats(tokens * 256), columns: 256)
      let (one, many) = (Matrix(rows: tokens, columns: 515), Matrix(rows: tokens, columns: 515))
      Workspace(threads: 1).linear(x, stored.weight, into: one)
      Workspace(threads: count).linear(x, stored.weight, into: many)
      for row in 0..<tokens {
        // BLAS picks other kernels for other shapes, so sums of 256 terms may round differently.
        expectClose(many.values(row: row), one.values(row: row), within: 5e-5, "row \(row)")
      }
    }
  }

  @Test("Gathered rows are the stored ones", arguments: TensorType.allCases)
  func gather(type: TensorType) throws {
    let stored = try Stored(type, rows: 5, columns: 256, seed: 9)
    let rows = stored.weight.gathered(rows: [4, 0, 4])
    for (position, index) in [4, 0, 4].enumerated() {
      #expect(rows.values(row: position) == Array(stored.values[index * 256..<(index + 1) * 256]))
    }
  }

  @Test("Every half-precision number widens exactly")
  func halves() throws {
    let bits = (0...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
    let file = try withTemporaryFile(bits.flatMap(\.littleEndianBytes)) {
      try MappedFile(path: $0)
    }
    let weight = WeightMatrix(type: .f16, rows: 1, columns: bits.count, file: file, offset: 0)
    let widened = weight.gathered(rows: [0]).values(row: 0)
    #expect(zip(widened, bits).allSatisfy { $0 == Float(Float16(bitPattern: $1)) })
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
}
