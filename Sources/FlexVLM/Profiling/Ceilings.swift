internal import CKernels

/// What the machine can do, measured on all threads at once; a second.
package struct Ceilings: Sendable {
  /// What bounds a stage.
  package enum Kind: String, CaseIterable, Sendable {
    /// Plain products in float32 through BLAS.
    case float32
    /// Products in bfloat16 and in bytes, both operands packed and in the cache.
    case bfloat16, bytes
    /// Reading from memory.
    case memory
  }

  /// Operations, or for memory bytes; nil where the processor has no instructions for it or they are
  /// not used.
  package internal(set) subscript(kind: Kind) -> Double? {
    get { rates[kind] }
    set { rates[kind] = newValue }
  }

  private var rates: [Kind: Double] = [:]
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
    buffer = try WeightsError.mapping { () throws(MappingError) in
      unsafe try MappedFile(count: 1 << 29) { memory in
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 1, count: 1 << 29)
      }
    }
  }

  /// Measures once; the better of this and earlier times counts.
  func measure(_ best: inout Ceilings) {
    measure(.float32, &best, 2 * a.rows * b.rows * b.columns) {
      workspace.multiply(a, transposed: b, into: c)
    }
    let packed = 2 * Self.rows * Self.group * Self.depth * Self.repetitions * workspace.threads
    if let product = workspace.product {
      let kernel = unsafe fx_product_kernel(Int32(product.rawValue))!
      measure(.bfloat16, &best, packed) {
        unsafe eachThread { x, panels, sums in
          unsafe kernel(
            x.assumingMemoryBound(to: UInt16.self), Self.depth, Self.rows,
            panels.assumingMemoryBound(to: UInt16.self), Self.depth, Self.group, nil, 0, sums,
            Self.group)
        }
      }
    }
    if workspace.usesBytes {
      measure(.bytes, &best, packed) {
        unsafe eachThread { x, panels, sums in
          // Any bytes will do for codes and any floats for scales: one row for all.
          let codes = unsafe fx_codes(
            high: x.assumingMemoryBound(to: Int8.self), low: x.assumingMemoryBound(to: Int8.self),
            scales: x.assumingMemoryBound(to: Float.self),
            sums: x.assumingMemoryBound(to: Float.self))
          unsafe withUnsafePointer(to: codes) { codes in
            unsafe fx_product_bytes(
              codes, Self.depth, Self.rows, panels, Self.depth / 32, Self.group, nil, 0, sums,
              Self.group)
          }
        }
      }
    }
    measure(.memory, &best, buffer.count, read)
  }

  private func measure(
    _ kind: Ceilings.Kind, _ best: inout Ceilings, _ work: Int, _ body: () -> Void
  ) {
    let seconds = ContinuousClock().measure(body) / .seconds(1)
    best[kind] = max(best[kind] ?? 0, Double(work) / seconds)
  }

  private static let (rows, depth, repetitions) = (96, 2048, 40)
  private static var group: Int { Int(FX_GROUP) }

  /// One packed group on each thread, again and again; all operands are zeros.
  private func eachThread(
    _ body:
      @Sendable (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<Float>)
      -> Void
  ) {
    workspace.parallel(tasks: workspace.threads) { _, _ in
      let x = Matrix(rows: 1, columns: (Self.rows + 31) * Self.depth / 2)
      let panels = Matrix(rows: 1, columns: Self.group * Self.depth / 2)
      let sums = Matrix(rows: Self.rows, columns: Self.group)
      x.fill(0)
      panels.fill(0)
      for _ in 0..<Self.repetitions {
        unsafe body(
          UnsafeMutableRawPointer(x.base), UnsafeMutableRawPointer(panels.base), sums.base)
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
