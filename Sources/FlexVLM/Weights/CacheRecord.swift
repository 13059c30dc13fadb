/// Lists of numbers and matrices by name, kept in a GGUF file.
struct CacheRecord {
  private static let architecture = "flexvlm-image"
  private static let prefix = "flexvlm-image."

  private var lists: [String: [Int]] = [:]
  /// Each as pieces that follow each other, of the same width.
  private var matrices: [(name: String, pieces: [Matrix])] = []

  init() {}

  mutating func add(_ name: String, _ numbers: [Int]) { lists[name] = numbers }

  mutating func add(_ name: String, _ matrix: Matrix) { matrices.append((name, [matrix])) }

  mutating func add(_ name: String, _ matrix: Matrix, _ rows: RowRuns) {
    matrices.append((name, rows.ranges.map(matrix.rows)))
  }

  func list(_ name: String) -> [Int]? { lists[name] }

  /// - Returns: nil where there is none of this shape.
  func matrix(_ name: String, rows: Int, columns: Int) -> Matrix? {
    guard let matrix = matrices.first(where: { $0.name == name })?.pieces.first,
      matrix.rows == rows, matrix.columns == columns
    else { return nil }
    return matrix
  }
}

// MARK: - Files

extension CacheRecord {
  /// Matrices are views of the mapped file.
  /// - Throws: ``WeightsError``
  init(contentsOfFile path: String) throws(WeightsError) {
    let gguf = try GGUFFile(path: path, architectures: [Self.architecture])
    guard gguf.metadata["general.architecture"] == .string(Self.architecture) else {
      throw .unusable(path: path, faults: ["it is no kept image"])
    }
    for (key, value) in gguf.metadata where key.hasPrefix(Self.prefix) {
      guard case .integers(let numbers) = value else { continue }
      lists[String(key.dropFirst(Self.prefix.count))] = numbers
    }
    for tensor in gguf.tensors where tensor.type == .f32 && tensor.shape.count == 2 {
      let floats = unsafe (gguf.file.base + tensor.offset).assumingMemoryBound(to: Float.self)
      unsafe matrices.append(
        (
          tensor.name,
          [
            Matrix(
              borrowing: floats, from: gguf.file, rows: tensor.shape[0], columns: tensor.shape[1])
          ]
        ))
    }
  }

  /// Replaces the file if there is one, whole or not at all.
  /// - Throws: ``WeightsError/cannotWrite(path:reason:)``
  func write(to path: String) throws(WeightsError) {
    let kept = matrices.filter { !$0.pieces.isEmpty }
    let values =
      [("general.architecture", GGUFOutput.value(Self.architecture))]
      + lists.sorted { $0.key < $1.key }.map { (Self.prefix + $0.key, GGUFOutput.value($0.value)) }
    let output = try GGUFOutput(
      path: path, replacing: true, values: values.map { (key: $0.0, bytes: $0.1) },
      tensors: kept.map { name, pieces in
        GGUFOutput.Tensor(
          name: name, shape: [pieces.reduce(0) { $0 + $1.rows }, pieces[0].columns], type: .f32)
      }, alignment: 32)
    for (_, pieces) in kept {
      var count = 0
      for piece in pieces {
        for row in 0..<piece.rows {
          let bytes = unsafe UnsafeRawBufferPointer(
            start: piece.pointer(row: row), count: piece.columns * MemoryLayout<Float>.size)
          unsafe try output.write(Array(bytes))
          count += bytes.count
        }
      }
      try output.endTensor(byteCount: count)
    }
    try output.finish()
  }
}
