internal import CKernels

internal import Glibc

/// Attention of one query to rows of keys and values, where a matrix product of one row would waste
/// BLAS. Vectors are matrices of one row.
enum RowAttention {
  /// scores[i] = scale * dot(query, keys row i)
  static func scores(_ query: Matrix, keys: Matrix, scale: Float, into scores: Matrix) {
    precondition(query.columns == keys.columns && scores.columns == keys.rows)
    unsafe fx_scores(
      query.base, keys.base, keys.stride, keys.rows, keys.columns, scale, scores.base)
  }

  /// output += sum of weights[i] * values row i
  static func add(weights: Matrix, values: Matrix, to output: Matrix) {
    precondition(weights.columns == values.rows && output.columns == values.columns)
    unsafe fx_weighted_sum(
      weights.base, values.base, values.stride, values.rows, values.columns, output.base)
  }

  /// In place: exponentials of scores less their maximum; returns their sum and the maximum.
  static func exponentials(_ scores: Matrix) -> (sum: Float, maximum: Float) {
    var maximum: Float = 0
    let sum = unsafe fx_exponentials(scores.base, scores.columns, &maximum)
    return (sum, maximum)
  }
}

func exponential(_ x: Float) -> Float { expf(x) }

func logarithm(_ x: Float) -> Float { logf(x) }

extension Matrix {
  /// In place: softmax of the first `count` entries of a row; the entries after them become 0.
  func softmax(row: Int, count: Int) {
    precondition(count <= columns)
    let x = unsafe pointer(row: row)
    unsafe fx_softmax(x, count)
    unsafe (x + count).update(repeating: 0, count: columns - count)
  }

  /// In place: rotates each head of a row by the angles of a row of cosines and sines,
  /// [1, head width / 2] each: components 2i and 2i + 1 together, or i and i + width / 2.
  func rotate(row: Int, cosines: Matrix, sines: Matrix, neighbours: Bool) {
    let width = 2 * cosines.columns
    precondition(columns % width == 0 && sines.columns == cosines.columns)
    let rotate = unsafe neighbours ? fx_rotate_neighbours : fx_rotate_halves
    unsafe rotate(pointer(row: row), columns / width, width, cosines.base, sines.base)
  }
}
