internal import CKernels

/// What the machine can do, measured on all threads at once.
public struct Ceilings: Sendable {
  /// Plain products in float32 through BLAS, operations a second.
  public internal(set) var float32 = 0.0
  /// Products in bfloat16 with both operands packed and in the cache, operations a second; nil where
  /// the processor has no instructions for them or they are not used.
  public internal(set) var bfloat16: Double?
  /// Reading from memory, bytes a second.
  public internal(set) var memory = 0.0

  /// Of products of many rows.
  var products: Double { bfloat16 ?? float32 }
}

/// Work whose speed is a ceiling.
struct CeilingWork {
  private let workspace: Workspace
  private let (a, b, c): (Matrix, Matrix, Matrix)
  /// More than any cache holds.
  private let buffer: MappedFile

  /// - Throws: ``WeightsError``, where there is no memory for it.
  init(_ workspace: Workspace) throws(WeightsError) {
    self.workspace = workspace
    var random = SplitMix64(seed: 1)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix((0..<rows * columns).map { _ in random.unit() - 0.5 }, columns: columns)
    }
    (a, b, c) = (matrix(640, 2048), matrix(2048, 2048), Matrix(rows: 640, columns: 2048))
    buffer = unsafe try MappedFile(count: 1 << 29) { memory in
      unsafe memory.initializeMemory(as: UInt8.self, repeating: 1, count: 1 << 29)
    }
  }

  /// Measures once; the better of this and earlier times counts.
  func measure(_ best: inout Ceilings) {
    let clock = ContinuousClock()
    func rate(_ work: Int, _ body: () -> Void) -> Double {
      Double(work) / (clock.measure(body) / .seconds(1))
    }
    best.float32 = max(
      best.float32,
      rate(2 * a.rows * b.rows * b.columns) { workspace.multiply(a, transposed: b, into: c) })
    if let product = workspace.product {
      best.bfloat16 = max(
        best.bfloat16 ?? 0, rate(workspace.threads * Self.packedOperations) { multiply(product) })
    }
    best.memory = max(best.memory, rate(buffer.count, read))
  }

  private static let (rows, depth, repetitions) = (96, 2048, 40)
  private static let packedOperations = 2 * rows * Int(FX_GROUP) * depth * repetitions

  /// One packed group on each thread, again and again.
  private func multiply(_ product: BFloat16Product) {
    let group = Int(FX_GROUP)
    let kernel = unsafe fx_product_kernel(Int32(product.rawValue))!
    workspace.parallel(tasks: workspace.threads) { _, _ in
      let operands = Matrix(rows: 1, columns: (Self.rows + 31 + group) * Self.depth / 2)
      let sums = Matrix(rows: Self.rows, columns: group)
      operands.fill(0)
      let x = unsafe UnsafeMutableRawPointer(operands.base).assumingMemoryBound(to: UInt16.self)
      for _ in 0..<Self.repetitions {
        unsafe kernel(
          x, Self.depth, Self.rows, x + (Self.rows + 31) * Self.depth, Self.depth, group, nil, 0,
          sums.base, sums.stride)
      }
    }
  }

  private func read() {
    let part = buffer.count / 8 / workspace.threads
    workspace.parallel(tasks: workspace.threads) { [buffer] task, _ in
      let words = unsafe buffer.base.assumingMemoryBound(to: UInt64.self) + task * part
      // The sum is used, so that it is taken.
      let sum = unsafe fx_sum_words(words, part)
      precondition(sum == 0x0101_0101_0101_0101 &* UInt64(part))
    }
  }
}
