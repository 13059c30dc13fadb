import Foundation
import Testing

@testable import FlexVLM

/// Attention of all tokens to all, in float32 and by each set of bfloat16 instructions that this
/// processor has, against plain loops in double precision.
@Suite struct DenseAttentionTests {
  struct Shape: CustomTestStringConvertible {
    let sequences, tokens, heads, width: Int
    var testDescription: String { "\(sequences) x \(tokens) tokens, \(heads) heads of \(width)" }
  }

  static let kernels: [BFloat16Product?] = [nil] + ReducedProductTests.kernels

  /// Shapes around the kernels' squares and the blocks of queries.
  static let shapes = [
    Shape(sequences: 1, tokens: 1, heads: 1, width: 8),
    Shape(sequences: 2, tokens: 5, heads: 2, width: 33),
    Shape(sequences: 2, tokens: 65, heads: 3, width: 64),
    Shape(sequences: 1, tokens: 97, heads: 2, width: 80),
    Shape(sequences: 1, tokens: 200, heads: 1, width: 130),
  ]

  @Test("Attention equals plain loops over the same rounded numbers", arguments: kernels, shapes)
  func loops(kernel: BFloat16Product?, shape: Shape) {
    let (tokens, columns) = (shape.tokens, shape.heads * shape.width)
    let rows = shape.sequences * tokens
    var random = SeededGenerator(seed: 1)
    // Parts of wider rows; queries so large that some weights stand out.
    let all = Matrix(random.floats(rows * 3 * columns), columns: 3 * columns)
    let (q, k, v) = (
      all.columns(0..<columns), all.columns(columns..<2 * columns),
      all.columns(2 * columns..<3 * columns)
    )
    q.scale(by: 4)
    let output = Matrix(rows: rows, columns: columns)
    let first = Matrix(rows: shape.sequences * shape.heads, columns: tokens)
    Workspace(threads: 2, product: kernel, dot: nil).denseAttention(
      q, k, v, sequences: shape.sequences, headCount: shape.heads, firstWeights: first, into: output
    )

    func number(_ x: Float) -> Double {
      kernel == nil ? Double(x) : ReducedProductTests.bfloat(x)
    }
    for row in 0..<rows {
      let start = row / tokens * tokens
      for head in 0..<shape.heads {
        let own = head * shape.width..<(head + 1) * shape.width
        let scores = (start..<start + tokens).map { key in
          own.reduce(0.0) { $0 + number(q[row, $1]) * number(k[key, $1]) }
            / Double(shape.width).squareRoot()
        }
        let top = scores.max()!
        let sum = scores.reduce(0) { $0 + exp($1 - top) }
        let weights = scores.map { exp($0 - top) / sum }
        if row == start {
          let told = first.values(row: row / tokens * shape.heads + head)
          #expect(zip(told, weights).allSatisfy { abs(Double($0) - $1) < 1e-5 })
        }
        for column in own {
          let exact = zip(weights, start..<start + tokens).reduce(0.0) {
            $0 + $1.0 * number(v[$1.1, column])
          }
          // Each weight of a sum of numbers up to 1 rounds to bfloat16 by at most 2^-8 of itself.
          let tolerance = kernel == nil ? 1e-5 : 0x1p-8 + 1e-5
          #expect(abs(Double(output[row, column]) - exact) < tolerance, "\(row), \(column)")
        }
      }
    }
  }

  @Test("Heads divided among threads are those of one", arguments: kernels)
  func threads(kernel: BFloat16Product?) {
    var random = SeededGenerator(seed: 2)
    let x = Matrix(random.floats(3 * 40 * 96), columns: 96)
    let outputs = [1, 2, 5].map { threads in
      let output = Matrix(rows: 120, columns: 96)
      Workspace(threads: threads, product: kernel, dot: nil).denseAttention(
        x, x, x, sequences: 3, headCount: 3, firstWeights: nil, into: output)
      return (0..<120).flatMap(output.values(row:))
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
  }
}
