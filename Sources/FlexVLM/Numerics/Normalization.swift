internal import CKernels

/// LayerNorm of CLIP: weight and bias, [1, width] each.
struct LayerNorm {
  let weight: Matrix
  let bias: Matrix
  let epsilon: Float
}

/// Root-mean-square norm of LLaMA: weight, [1, width].
struct RMSNorm {
  let weight: Matrix
  let epsilon: Float
}

extension Workspace {
  /// Normalises each row of x into y, which may be x.
  func normalize(_ x: Matrix, _ norm: LayerNorm, into y: Matrix) {
    precondition(x.columns == norm.weight.columns && y.columns == x.columns && y.rows == x.rows)
    let (weight, bias, epsilon) = (norm.weight, norm.bias, norm.epsilon)
    eachRow(x) { row in
      unsafe fx_layer_norm(
        x.pointer(row: row), weight.base, bias.base, epsilon, x.columns, y.pointer(row: row))
    }
  }

  /// Normalises each row of x into y, which may be x.
  func normalize(_ x: Matrix, _ norm: RMSNorm, into y: Matrix) {
    precondition(x.columns == norm.weight.columns && y.columns == x.columns && y.rows == x.rows)
    let (weight, epsilon) = (norm.weight, norm.epsilon)
    eachRow(x) { row in
      unsafe fx_rms_norm(x.pointer(row: row), weight.base, epsilon, x.columns, y.pointer(row: row))
    }
  }
}
