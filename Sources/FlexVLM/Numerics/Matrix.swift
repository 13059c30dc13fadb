/// A row-major matrix of 32-bit floats: a view of shared, 64-byte aligned storage.
///
/// Slices by rows or columns share the storage, as in numpy; writing through one view is seen by
/// all. Fresh storage is uninitialised and its memory is only committed when touched, so a matrix
/// of a cache's full capacity costs nothing until it fills.
struct Matrix: @unchecked Sendable {
  /// Owns the floats. Two threads never write the same rows: the kernels divide the work so.
  @safe private final class Storage {
    let base: UnsafeMutablePointer<Float>
    /// What the floats belong to, when not to this object.
    private let lender: MappedFile?

    init(count: Int) {
      unsafe base =
        UnsafeMutableRawPointer.allocate(
          byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
        ).bindMemory(to: Float.self, capacity: count)
      lender = nil
    }

    init(borrowing floats: UnsafePointer<Float>, from file: MappedFile) {
      unsafe base = UnsafeMutablePointer(mutating: floats)
      lender = file
    }

    deinit { if lender == nil { unsafe base.deallocate() } }
  }

  private let storage: Storage
  private let offset: Int
  let rows: Int
  let columns: Int
  /// Floats from one row to the next.
  let stride: Int

  init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0)
    self.init(
      storage: Storage(count: rows * columns), offset: 0, rows: rows, columns: columns,
      stride: columns)
  }

  init(_ values: [Float], columns: Int) {
    self.init(rows: values.count / max(columns, 1), columns: columns)
    for (index, value) in values.enumerated() { unsafe base[index] = value }
  }

  /// A read-only view of floats in a mapped file; writing to it is a fault of the program.
  init(borrowing floats: UnsafePointer<Float>, from file: MappedFile, rows: Int, columns: Int) {
    unsafe self.init(
      storage: Storage(borrowing: floats, from: file), offset: 0, rows: rows, columns: columns,
      stride: columns)
  }

  private init(storage: Storage, offset: Int, rows: Int, columns: Int, stride: Int) {
    self.storage = storage
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// The first float. Valid while any view of the storage lives.
  var base: UnsafeMutablePointer<Float> { unsafe storage.base + offset }

  /// The first float of a row.
  func pointer(row: Int) -> UnsafeMutablePointer<Float> {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return unsafe base + row * stride
  }

  func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound * stride, rows: range.count,
      columns: columns, stride: stride)
  }

  func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound, rows: rows, columns: range.count,
      stride: stride)
  }

  /// The first `rows * columns` floats of the first row in another shape.
  func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(rows >= 0 && columns >= 0 && rows * columns <= self.columns)
    return Matrix(storage: storage, offset: offset, rows: rows, columns: columns, stride: columns)
  }

  subscript(row: Int, column: Int) -> Float {
    get {
      precondition(column >= 0 && column < columns)
      return unsafe pointer(row: row)[column]
    }
    nonmutating set {
      precondition(column >= 0 && column < columns)
      unsafe pointer(row: row)[column] = newValue
    }
  }

  func values(row: Int) -> [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer(row: row), count: columns))
  }

  func copy(from source: Matrix) {
    precondition(source.rows == rows && source.columns == columns)
    for row in 0..<rows {
      unsafe pointer(row: row).update(from: source.pointer(row: row), count: columns)
    }
  }

  /// Copies rows of the same shape, multiplied by a factor.
  func copy(from source: Matrix, scale: Float) {
    copy(from: source)
    self.scale(by: scale)
  }

  /// In place: multiplies every element.
  func scale(by factor: Float) {
    for row in 0..<rows {
      let target = unsafe pointer(row: row)
      for column in 0..<columns { unsafe target[column] *= factor }
    }
  }

  func fill(_ value: Float) {
    for row in 0..<rows { unsafe pointer(row: row).update(repeating: value, count: columns) }
  }

  /// Copies a range of an array into the first row, from a column on.
  func write(_ values: [Float], from range: Range<Int>, atColumn column: Int) {
    precondition(column >= 0 && column + range.count <= columns && rows > 0)
    unsafe values[range].withUnsafeBufferPointer { source in
      unsafe (base + column).update(from: source.baseAddress!, count: source.count)
    }
  }

  /// Adds `source`, times a factor, to this matrix, element by element.
  func add(_ source: Matrix, scale: Float = 1) {
    precondition(source.rows == rows && source.columns == columns)
    for row in 0..<rows {
      let target = unsafe pointer(row: row)
      let addend = unsafe source.pointer(row: row)
      for column in 0..<columns { unsafe target[column] += scale * addend[column] }
    }
  }
}
