internal import CKernels

/// How matrix products are computed. The language model's attention, norms, softmax and the selection
/// of cells are float32 always; the tower's attention is as precise as products of many rows.
public enum Precision: String, CaseIterable, Sendable, Codable {
  /// What is fastest: many rows in bfloat16, or with quantised weights in bytes, where the processor
  /// has the instructions; elsewhere float32. Few rows with quantised weights in integers.
  case auto
  /// The exact way.
  case float32
  /// Many rows in bfloat16 with float32 sums, few rows with quantised weights in integers.
  case bfloat16

  /// Whether the processor has the instructions.
  public var isAvailable: Bool { self != .bfloat16 || BFloat16Product.best != nil }

  /// What it comes to on this machine: runs of equal arithmetic give equal answers.
  var arithmetic: String {
    switch self {
    case .float32: "float32"
    case .bfloat16: "bfloat16"
    case .auto:
      (BFloat16Product.best == nil ? "float32" : "bfloat16")
        + (IntegerDot.multipliesMany ? ", quantised in bytes" : ", quantised rows in integers")
    }
  }
}

/// The instructions that multiply bfloat16 numbers.
enum BFloat16Product: Int, CaseIterable, Sendable {
  case avx512 = 1
  case amx = 2

  /// The fastest of this processor; nil if it has none.
  static let best = BFloat16Product(rawValue: Int(fx_product_level()))

  var isAvailable: Bool { rawValue <= Self.best?.rawValue ?? 0 }
}

/// The instructions that multiply and add bytes.
enum IntegerDot: Int, CaseIterable, Sendable {
  case avx2 = 1
  case vnni = 2

  /// Whether bytes are the fastest for many rows too: half as fast again as AVX512-BF16, but no match
  /// for AMX.
  static let multipliesMany = best == .vnni && BFloat16Product.best != .amx

  /// The fastest of this processor; nil if it has none.
  static let best = IntegerDot(rawValue: Int(fx_dot_level()))

  var isAvailable: Bool { rawValue <= Self.best?.rawValue ?? 0 }
}
