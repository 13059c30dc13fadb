/// What `ModelQuantizer` stores most weights as.
package enum QuantizationType: String, CaseIterable, Sendable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case q80 = "Q8_0"
  case q60K = "Q6_K"
  case q51 = "Q5_1"
  case q50 = "Q5_0"
  case q50K = "Q5_K"
  case q41 = "Q4_1"
  case q40 = "Q4_0"
  case q40K = "Q4_K"

  /// All names, as help lists them.
  package static let names = allCases.map(\.rawValue).joined(separator: ", ")

  /// A name in any case.
  package init?(name: String) { self.init(rawValue: name.uppercased()) }

  var base: TensorType { TensorType.allCases.first { $0.description == rawValue }! }

  /// GGUF's `general.file_type`. llama.cpp names mixtures with Q6_K "medium".
  var fileType: UInt32 {
    switch self {
    case .f32: 0
    case .f16: 1
    case .bf16: 32
    case .q80: 7
    case .q60K: 18
    case .q51: 9
    case .q50: 8
    case .q50K: 17
    case .q41: 3
    case .q40: 2
    case .q40K: 15
    }
  }

  /// How one tensor of a model is stored.
  ///
  /// - Parameters:
  ///   - shape: row-major.
  ///   - layerCount: decoder layers.
  ///   - tiesOutput: whether the embedding gives the logits too.
  func type(of name: String, shape: [Int], layerCount: Int, tiesOutput: Bool) -> TensorType {
    if shape.count == 1 || name == TensorName.positionEmbedding { return .f32 }
    if base.blockSize == 1 { return base }
    if shape.count > 2 { return .f16 }  // patches' pixels
    let wanted = base == .q8 ? .q8 : mixed(name, layerCount: layerCount, tiesOutput: tiesOutput)
    return Self.fitting(wanted, columns: shape[shape.count - 1])
  }

  /// More bits where they bring more: the logits, as in llama.cpp; values and the way down in layers
  /// whose errors have most layers to grow in or none to be mended in, as in its medium mixtures;
  /// everything that images pass, which is a small part of a large model.
  private func mixed(_ name: String, layerCount: Int, tiesOutput: Bool) -> TensorType {
    if name == TensorName.output || tiesOutput && name == TensorName.tokenEmbedding { return .q6K }
    let parts = name.split(separator: ".")
    guard parts.first == "blk", parts.count == 4, let layer = Int(parts[1]) else {
      return name == TensorName.tokenEmbedding ? base : .q8
    }
    if parts[2].hasSuffix("_hd") { return .q8 }
    let isMixture = base == .q4K || base == .q5K
    let isDelicate = parts[2] == "attn_v" || parts[2] == "ffn_down"
    let eighth = layerCount / 8
    let isFavoured =
      layer < eighth || layer >= 7 * layerCount / 8 || (layer - eighth) % 3 == 2
    return isMixture && isDelicate && isFavoured ? .q6K : base
  }

  /// The type itself, or one of about its size whose blocks divide the rows.
  private static func fitting(_ type: TensorType, columns: Int) -> TensorType {
    if columns % type.blockSize == 0 { return type }
    switch type {
    case .q4K: return fitting(.q50, columns: columns)
    case .q5K: return fitting(.q51, columns: columns)
    case .q6K: return fitting(.q8, columns: columns)
    default: return .f16
    }
  }
}
