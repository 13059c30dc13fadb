internal import CKernels

/// A weight matrix as it lies in the model file, [rows = outputs, columns = inputs].
///
/// Nothing is copied: reading a row touches the file's pages for the first time.
struct WeightMatrix: @unchecked Sendable {
  let type: TensorType
  let rows: Int
  let columns: Int
  private let file: MappedFile
  /// Bytes from the start of the file.
  let offset: Int

  /// - Precondition: the file holds `rows * type.byteCount(columns)` bytes at `offset`, which is
  ///   what ``GGUFFile`` checks for every tensor of its table.
  init(type: TensorType, rows: Int, columns: Int, file: MappedFile, offset: Int) {
    precondition(offset + rows * type.byteCount(elements: columns) <= file.count)
    self.type = type
    self.rows = rows
    self.columns = columns
    self.file = file
    self.offset = offset
  }

  var byteCount: Int { rows * type.byteCount(elements: columns) }

  private func pointer(row: Int) -> UnsafeRawPointer {
    unsafe file.base + offset + row * type.byteCount(elements: columns)
  }

  /// sums[i] = dot(row i of `outputs`, x)
  func multiply(
    _ x: UnsafePointer<Float>, outputs: Range<Int>, into sums: UnsafeMutablePointer<Float>
  ) {
    precondition(outputs.lowerBound >= 0 && outputs.upperBound <= rows)
    unsafe type.kernels.multiply(
      pointer(row: outputs.lowerBound), outputs.count, columns, x, sums)
  }

  /// sums[i] = dot(row i of `outputs`, x)
  func multiply(
    _ x: fx_codes, by kernel: DotKernel, outputs: Range<Int>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    precondition(outputs.lowerBound >= 0 && outputs.upperBound <= rows)
    unsafe withUnsafePointer(to: x) { x in
      unsafe kernel(pointer(row: outputs.lowerBound), outputs.count, columns, x, sums)
    }
  }

  /// Packs rows as bfloat16 for a product, [FX_GROUP / 16, depth / 2, 16, 2].
  func pack(outputs: Range<Int>, into panels: UnsafeMutablePointer<UInt16>) {
    precondition(outputs.lowerBound >= 0 && outputs.upperBound <= rows)
    unsafe fx_pack_bf16(
      pointer(row: outputs.lowerBound), type.byteCount(elements: columns),
      type.byteCount(elements: 256), type.kernels.widen, outputs.count, columns, panels)
  }

  /// Packs rows as bytes for a product, see `fx_pack_bytes`; for types with groups of 32.
  func packBytes(outputs: Range<Int>, into panels: UnsafeMutableRawPointer) {
    precondition(outputs.lowerBound >= 0 && outputs.upperBound <= rows)
    unsafe fx_pack_bytes(
      pointer(row: outputs.lowerBound), type.byteCount(elements: columns),
      type.byteCount(elements: 256), type.kernels.unpack!, outputs.count, columns, panels)
  }

  /// Writes rows as float32, one after the other.
  func widen(outputs: Range<Int>, into floats: UnsafeMutablePointer<Float>) {
    precondition(outputs.lowerBound >= 0 && outputs.upperBound <= rows)
    unsafe type.kernels.widen(
      pointer(row: outputs.lowerBound), outputs.count * columns, floats)
  }

  /// The rows themselves, where they are stored as float32.
  func floats(outputs: Range<Int>) -> Matrix? {
    guard type == .f32 else { return nil }
    let weights = unsafe pointer(row: outputs.lowerBound)
    return unsafe Matrix(
      borrowing: weights.assumingMemoryBound(to: Float.self), from: file, rows: outputs.count,
      columns: columns)
  }

  /// The given rows, widened: embeddings of tokens, or a whole small tensor.
  func gathered(rows indices: some Collection<Int>) -> Matrix {
    let result = Matrix(rows: indices.count, columns: columns)
    for (position, index) in indices.enumerated() {
      unsafe widen(outputs: index..<index + 1, into: result.pointer(row: position))
    }
    return result
  }
}

/// A linear layer with a bias: weight [outputs, inputs], bias [1, outputs].
struct BiasedLinear {
  let weight: WeightMatrix
  let bias: Matrix
}
