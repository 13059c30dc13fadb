@testable import FlexVLM

extension Matrix {
  /// Copies of the given rows, in their order.
  func gathered(_ indices: [Int]) -> Matrix {
    let result = Matrix(rows: indices.count, columns: columns)
    for (row, index) in indices.enumerated() {
      result.rows(row..<row + 1).copy(from: rows(index..<index + 1))
    }
    return result
  }
}
