/// Weights of a geometry of which there is no file: numbers that keep activations at their size,
/// stored as a quantizer would store them.
struct RandomWeights {
  let type: QuantizationType
  /// Decoder layers.
  let layerCount: Int

  /// - Throws: ``WeightsError``, where there is no memory for it.
  func weight(_ name: String, outputs: Int, inputs: Int) throws(WeightsError) -> WeightMatrix {
    let stored = type.type(
      of: name, shape: [outputs, inputs], layerCount: layerCount, tiesOutput: false)
    // Rows repeat: making them would take longer than running them.
    let made = min(outputs, 64)
    var generator = SplitMix64(seed: UInt64(inputs))
    let scale = 2 * (3 / Float(inputs)).squareRoot()
    let numbers = (0..<made * inputs).map { _ in (generator.unit() - 0.5) * scale }
    let bytes = stored.byteCount(elements: numbers.count)
    let count = stored.byteCount(elements: outputs * inputs)
    let memory = try WeightsError.mapping { () throws(MappingError) in
      unsafe try MappedFile(count: count) { memory in
        unsafe stored.kernels.quantize(numbers, numbers.count, memory)
        for start in stride(from: bytes, to: count, by: bytes) {
          unsafe (memory + start).copyMemory(from: memory, byteCount: min(bytes, count - start))
        }
      }
    }
    return WeightMatrix(type: stored, rows: outputs, columns: inputs, file: memory, offset: 0)
  }
}
