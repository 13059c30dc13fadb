/// Hands out tensors by name, each checked against the shape that the configuration asks for, and
/// notes every fault, so that all of them can be reported at once.
struct TensorStore {
  private let byName: [String: (tensor: GGUFFile.Tensor, file: MappedFile)]
  /// Any of the files, for placeholders.
  private let file: MappedFile
  /// Makes up a weight [outputs, inputs] by its name; nil where tensors come from files.
  private let make: Maker?
  private(set) var faults: [String] = []

  typealias Maker = (
    _ name: String, _ outputs: Int, _ inputs: Int
  ) throws(WeightsError) -> WeightMatrix

  /// - Note: where both files of a pair have a tensor, the second one's counts.
  init(_ files: [GGUFFile]) {
    let entries = files.flatMap { gguf in gguf.tensors.map { ($0.name, ($0, gguf.file)) } }
    byName = Dictionary(entries) { _, second in second }
    file = files[0].file
    make = nil
  }

  /// A store of tensors that are made up as they are asked for.
  init(making make: @escaping Maker) throws(WeightsError) {
    byName = [:]
    file = try WeightsError.mapping { () throws(MappingError) in
      unsafe try MappedFile(count: 1) { _ in }
    }
    self.make = make
  }

  func has(_ name: String) -> Bool { byName[name] != nil }

  /// The row-major shape of a tensor, before any check.
  func shape(_ name: String) -> [Int]? { byName[name]?.tensor.shape }

  /// Notes as a fault every tensor whose part in the model this engine would leave out.
  mutating func refuse(_ isForeign: (String) -> Bool) {
    for name in byName.keys.filter(isForeign).sorted() {
      faults.append("the tensor \(name) belongs to a model of another kind")
    }
  }

  /// A weight, [outputs, inputs]; trailing dimensions (a patch's channels, rows and columns) count
  /// as inputs together.
  mutating func weight(_ name: String, outputs: Int, inputs: Int) -> WeightMatrix {
    if let make {
      do throws(WeightsError) {
        return try make(name, outputs, inputs)
      } catch {
        faults.append("\(error)")
        return placeholder
      }
    }
    guard let (tensor, file) = byName[name] else {
      faults.append("the tensor \(name) is missing")
      return placeholder
    }
    guard tensor.shape[0] == outputs, tensor.elementCount == outputs * inputs,
      inputs % tensor.type.blockSize == 0
    else {
      let shape = tensor.shape.map(String.init).joined(separator: " x ")
      faults.append("the tensor \(name) is \(shape), where \(outputs) x \(inputs) is needed")
      return placeholder
    }
    return WeightMatrix(
      type: tensor.type, rows: outputs, columns: inputs, file: file, offset: tensor.offset)
  }

  /// A vector of floats, [1, count].
  mutating func vector(_ name: String, count: Int) -> Matrix {
    if make != nil { return Matrix(Array(repeating: 1, count: count), columns: count) }
    guard let (tensor, file) = byName[name] else {
      faults.append("the tensor \(name) is missing")
      return Matrix(rows: 1, columns: 0)
    }
    guard tensor.elementCount == count, count % tensor.type.blockSize == 0 else {
      let shape = tensor.shape.map(String.init).joined(separator: " x ")
      faults.append("the tensor \(name) is \(shape), where \(count) is needed")
      return Matrix(rows: 1, columns: 0)
    }
    return WeightMatrix(
      type: tensor.type, rows: 1, columns: count, file: file, offset: tensor.offset
    ).gathered(rows: [0])
  }

  mutating func linear(_ name: String, outputs: Int, inputs: Int) -> BiasedLinear {
    BiasedLinear(
      weight: weight(name + ".weight", outputs: outputs, inputs: inputs),
      bias: vector(name + ".bias", count: outputs))
  }

  mutating func layerNorm(_ name: String, width: Int, epsilon: Float) -> LayerNorm {
    LayerNorm(
      weight: vector(name + ".weight", count: width), bias: vector(name + ".bias", count: width),
      epsilon: epsilon)
  }

  mutating func rmsNorm(_ name: String, width: Int, epsilon: Float) -> RMSNorm {
    RMSNorm(weight: vector(name, count: width), epsilon: epsilon)
  }

  /// Stands in for a faulty tensor until the faults are thrown.
  private var placeholder: WeightMatrix {
    WeightMatrix(type: .f32, rows: 0, columns: 1, file: file, offset: 0)
  }
}
