/// Stores a model in fewer bits: every weight as the nearest that its type can hold, or, with
/// questions to calibrate on, with errors made up for where types have four bits.
package struct ModelQuantizer {
  /// What was written.
  package struct Summary: Sendable {
    /// Tensors by the name of their type.
    package var tensors: [String: Int] = [:]
    /// Tensors whose errors were made up for.
    package var compensated = 0
    /// Bytes of all tensors.
    package var bytes = 0
  }

  private let gguf: GGUFFile
  private let type: QuantizationType
  private let plan: [GGUFOutput.Tensor]
  private let workspace: Workspace

  /// - Parameters:
  ///   - path: a GGUF file in 16 or 32 bits, of flexvlm or either one of a pair of llama.cpp's.
  ///   - type: how most weights are to be stored.
  ///   - threads: threads to use; all cores when nil.
  /// - Throws: ``WeightsError``
  package init(
    contentsOfFile path: String, to type: QuantizationType, threads: Int? = nil
  ) throws(WeightsError) {
    gguf = try GGUFFile(path: path)
    self.type = type
    workspace = Workspace(threads: threads ?? ComputeBackend.coreCount)
    if let tensor = gguf.tensors.first(where: { $0.type.blockSize > 1 }) {
      throw .unusable(
        path: path,
        faults: ["\(tensor.name) is \(tensor.type) already: take the file in F16, BF16 or F32"])
    }
    let names = Set(gguf.tensors.map(\.name))
    let layers = (0..<1024).first { layer in
      !names.contains(TensorName.layer(layer, "attn_q"))
    }
    plan = gguf.tensors.map {
      GGUFOutput.Tensor(
        name: $0.name, shape: $0.shape,
        type: type.type(
          of: $0.name, shape: $0.shape, layerCount: layers ?? 1024,
          tiesOutput: !names.contains(TensorName.output)))
    }
  }

  /// - Parameters:
  ///   - path: a new file.
  ///   - calibration: questions whose answers shall change least; nil rounds to the nearest.
  ///   - isCancelled: asked before every tensor; the file is then not written.
  /// - Throws: ``WeightsError``, or what calibration throws.
  package func write(
    to path: String, calibration: Calibration? = nil, isCancelled: () -> Bool = { false }
  ) throws -> Summary {
    let reader = GGUFReader(file: gguf.file)
    let output = try GGUFOutput(
      path: path, values: values, tensors: plan,
      alignment: GGUFFile.alignment(gguf.metadata, reader))
    var inputs = calibration.map { CalibratedInputs($0, wanted: compensatedWeights) }
    var summary = Summary()
    for (tensor, target) in zip(gguf.tensors, plan) {
      if isCancelled() { throw CancellationError() }
      let weight = WeightMatrix(
        type: tensor.type, rows: tensor.elementCount / tensor.shape[tensor.shape.count - 1],
        columns: tensor.shape[tensor.shape.count - 1], file: gguf.file, offset: tensor.offset)
      if target.type.isCompensated,
        let products = try inputs?.products(of: tensor.name, isCancelled: isCancelled),
        let packed = workspace.compensated(weight, products: products, as: target.type)
      {
        try output.write(packed)
        summary.compensated += 1
      } else {
        try round(weight, tensor.name, to: target.type, output)
      }
      try output.endTensor(byteCount: target.byteCount)
      summary.tensors[target.type.description, default: 0] += 1
      summary.bytes += target.byteCount
    }
    try output.finish()
    return summary
  }

  /// The source's metadata, byte by byte, but for what tells the types.
  private var values: [(key: String, bytes: [UInt8])] {
    let uint32: UInt32 = 4
    func number(_ value: UInt32) -> [UInt8] {
      GGUFOutput.bytes(uint32) + GGUFOutput.bytes(value)
    }
    let own = [
      ("general.file_type", number(type.fileType)), ("general.quantization_version", number(2)),
    ]
    let kept = gguf.valueRanges.filter { value in !own.contains { $0.0 == value.key } }
    return kept.map { key, range in (key, gguf.file.bytes(range)) } + own
  }

  private var compensatedWeights: [(name: String, columns: Int, offset: Int)] {
    zip(gguf.tensors, plan).filter { tensor, target in
      target.type.isCompensated && tensor.name.hasPrefix("blk.")
    }.map { tensor, _ in (tensor.name, tensor.shape[tensor.shape.count - 1], tensor.offset) }
  }

  /// Writes the nearest numbers, some rows at a time.
  private func round(
    _ weight: WeightMatrix, _ name: String, to type: TensorType, _ output: GGUFOutput
  ) throws(WeightsError) {
    let height = max(1, (4 << 20) / weight.columns)
    for start in Swift.stride(from: 0, to: weight.rows, by: height) {
      let rows = weight.gathered(rows: start..<min(start + height, weight.rows))
      guard let largest = rows.largestMagnitude else {
        throw .unusable(
          path: gguf.file.path, faults: ["the tensor \(name) holds infinite values or NaN"])
      }
      if type == .f16, largest > Float(Float16.greatestFiniteMagnitude) {
        throw .unusable(
          path: gguf.file.path,
          faults: ["the tensor \(name) exceeds the range of F16; take BF16 or F32"])
      }
      try output.write(workspace.packed(rows, as: type))
    }
  }
}

extension Workspace {
  /// Rows as a type stores them, one after the other.
  func packed(_ rows: Matrix, as type: TensorType) -> [UInt8] {
    let size = type.byteCount(elements: rows.columns)
    return unsafe [UInt8](unsafeUninitializedCapacity: rows.rows * size) { buffer, count in
      nonisolated(unsafe) let bytes = buffer.baseAddress!
      parallel(tasks: rows.rows) { row, _ in
        unsafe type.kernels.quantize(rows.pointer(row: row), rows.columns, bytes + row * size)
      }
      count = rows.rows * size
    }
  }
}

extension Matrix {
  /// Nil where a number is not finite.
  fileprivate var largestMagnitude: Float? {
    var largest: Float = 0
    for row in 0..<rows {
      let values = unsafe pointer(row: row)
      for column in 0..<columns {
        let magnitude = unsafe abs(values[column])
        if !magnitude.isFinite { return nil }
        largest = max(largest, magnitude)
      }
    }
    return largest
  }
}

extension MappedFile {
  fileprivate func bytes(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}
