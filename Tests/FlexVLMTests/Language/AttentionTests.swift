import Foundation
import Testing

@testable import FlexVLM

/// Attention against the definition: one masked softmax in double precision.
@Suite struct AttentionTests {
  struct Shape: CustomTestStringConvertible {
    let heads: Int, sharing: Int, width: Int, before: Int, new: Int
    var testDescription: String {
      "\(heads) heads of \(width), \(sharing) to a key, \(new) after \(before)"
    }
  }

  static let shapes = [
    Shape(heads: 1, sharing: 1, width: 2, before: 0, new: 1),
    Shape(heads: 4, sharing: 1, width: 16, before: 0, new: 63),
    Shape(heads: 4, sharing: 2, width: 16, before: 5, new: 65),
    Shape(heads: 6, sharing: 3, width: 12, before: 130, new: 140),
  ]

  @Test("Causal attention in blocks equals one masked softmax", arguments: shapes)
  func causal(shape: Shape) {
    var random = SeededGenerator(seed: UInt64(shape.new))
    let total = shape.before + shape.new
    let keyWidth = shape.heads / shape.sharing * shape.width
    let queries = Matrix(
      random.floats(shape.new * shape.heads * shape.width), columns: shape.heads * shape.width)
    let keys = Matrix(random.floats((total + 4) * keyWidth), columns: keyWidth)
    let values = Matrix(random.floats((total + 4) * keyWidth), columns: keyWidth)
    let output = Matrix(rows: shape.new, columns: queries.columns)
    Workspace(threads: 2).causalAttention(
      queries, keys: keys, values: values, at: shape.before, headCount: shape.heads, into: output)
    for row in 0..<shape.new {
      let visible = (0...shape.before + row).map { (keys: keys, values: values, row: $0) }
      let exact = Self.attend(queries, row: row, visible, shape).output
      expectClose(output.values(row: row), exact, within: 2e-6, "row \(row)")
    }
  }

  @Test("Hierarchical attention: selected cells equal a mask over all", arguments: shapes)
  func hierarchical(shape: Shape) {
    var random = SeededGenerator(seed: UInt64(shape.new + 1))
    let total = shape.before + shape.new
    let keyWidth = shape.heads / shape.sharing * shape.width
    func matrix(_ rows: Int) -> Matrix {
      Matrix(random.floats(rows * keyWidth, in: -2...2), columns: keyWidth)
    }
    let (keys, values, highKeys, highValues) = (
      matrix(total), matrix(total), matrix(40), matrix(40)
    )
    let query = Matrix(
      random.floats(shape.heads * shape.width, in: -2...2), columns: shape.heads * shape.width)
    let image = total / 3..<total / 3 + max(1, total / 2)
    for runs in [[], [0..<3], [2..<9, 11..<12, 30..<40], [0..<40]] as [[Range<Int>]] {
      let output = Matrix(rows: 1, columns: query.columns)
      let reading = Workspace(threads: 2).hierarchicalAttention(
        query, keys: keys, values: values,
        tokens: SelectedTokens(
          keys: highKeys, values: highValues,
          selection: TokenSelection(rows: RowRuns(runs.joined()))),
        probe: AttentionProbe(image: image, keepsScores: false),
        headCount: shape.heads, into: output)
      let ordinary = (0..<total).map { (keys: keys, values: values, row: $0) }
      let high = runs.joined().map { (keys: highKeys, values: highValues, row: $0) }
      let exact = Self.attend(query, row: 0, ordinary + high, shape).output
      expectClose(output.values(row: 0), exact, within: 2e-6, "\(runs)")
      // The map never counts high-resolution keys.
      let weights = Self.attend(query, row: 0, ordinary, shape).weights
      let summed = image.map { token in Float(weights.reduce(0) { $0 + $1[token] }) }
      expectClose(reading!.attention, summed, within: 2e-6, "map with \(runs)")
    }
  }

  @Test("Heads that see different tokens equal a mask for each; scores are kept", arguments: shapes)
  func selectionOfEachHead(shape: Shape) {
    var random = SeededGenerator(seed: UInt64(shape.before + 7))
    let total = shape.before + shape.new
    let keyWidth = shape.heads / shape.sharing * shape.width
    func matrix(_ rows: Int) -> Matrix {
      Matrix(random.floats(rows * keyWidth, in: -2...2), columns: keyWidth)
    }
    let (keys, values, highKeys, highValues) = (
      matrix(total), matrix(total), matrix(40), matrix(40)
    )
    let query = Matrix(
      random.floats(shape.heads * shape.width, in: -2...2), columns: shape.heads * shape.width)
    // The first head sees no ordinary position, the second no high-resolution token.
    let heads = (0..<shape.heads).map { head in
      TokenSelection.Head(
        positions: RowRuns((0..<total).filter { head > 0 && ($0 + head) % 3 != 0 || head == 1 }),
        rows: RowRuns((0..<40).filter { head != 1 && ($0 + head) % 4 == 0 }))
    }
    func attend(_ selection: TokenSelection) -> (output: Matrix, reading: AttentionReading) {
      let output = Matrix(rows: 1, columns: query.columns)
      let reading = Workspace(threads: 2).hierarchicalAttention(
        query, keys: keys, values: values,
        tokens: SelectedTokens(keys: highKeys, values: highValues, selection: selection),
        probe: AttentionProbe(image: 0..<total, keepsScores: selection.heads == nil),
        headCount: shape.heads, into: output)
      return (output, reading!)
    }
    let all = attend(TokenSelection(rows: RowRuns(0..<40)))
    let (output, reading) = attend(TokenSelection(rows: RowRuns(0..<40), heads: heads))
    #expect(reading.attention == all.reading.attention)
    for head in 0..<shape.heads {
      let visible =
        heads[head].positions.indices.map { (keys: keys, values: values, row: $0) }
        + heads[head].rows.indices.map { (keys: highKeys, values: highValues, row: $0) }
      let own = head * shape.width..<(head + 1) * shape.width
      let exact = Self.attend(query, row: 0, visible, shape).output[own]
      expectClose(output.columns(own).values(row: 0), Array(exact), within: 2e-6, "head \(head)")
      // Raising scores to exponentials gives back the weights of the whole softmax.
      let everything =
        (0..<total).map { (keys: keys, values: values, row: $0) }
        + (0..<40).map { (keys: highKeys, values: highValues, row: $0) }
      let weights = Self.attend(query, row: 0, everything, shape).weights[head]
      let scores = all.reading.scores![head]
      let sum = scores.reduce(0.0) { $0 + exp(Double($1)) }
      expectClose(
        scores.map { Float(exp(Double($0)) / sum) }, weights.map(Float.init), within: 2e-6,
        "scores of head \(head)")
    }
  }

  /// The definition: for each head a softmax over all visible keys.
  static func attend(
    _ queries: Matrix, row: Int, _ visible: [(keys: Matrix, values: Matrix, row: Int)],
    _ shape: Shape
  ) -> (output: [Float], weights: [[Double]]) {
    var output: [Float] = []
    var weights: [[Double]] = []
    for head in 0..<shape.heads {
      let shared = head / shape.sharing * shape.width
      let scores = visible.map { key in
        (0..<shape.width).reduce(0.0) {
          $0 + Double(queries[row, head * shape.width + $1])
            * Double(key.keys[key.row, shared + $1])
        } / Double(shape.width).squareRoot()
      }
      let exponentials = scores.map { exp($0 - scores.max()!) }
      let sum = exponentials.reduce(0, +)
      weights.append(exponentials.map { $0 / sum })
      for column in 0..<shape.width {
        output.append(
          Float(
            zip(visible, weights[head]).reduce(0) {
              $0 + $1.1 * Double($1.0.values[$1.0.row, shared + column])
            }))
      }
    }
    return (output, weights)
  }
}
