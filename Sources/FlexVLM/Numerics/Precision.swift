internal import CKernels

/// How matrix products are computed. Attention, norms, softmax and the selection of cells are
/// float32 always.
public enum Precision: String, CaseIterable, Sendable {
  /// As `bfloat16` where the processor has instructions for it; elsewhere float32, but a quantised
  /// weight meets few rows in integers.
  case auto
  /// The exact way.
  case float32
  /// Many rows in bfloat16 with float32 sums, few rows with quantised weights in integers.
  case bfloat16

  /// Whether the processor has the instructions.
  public var isAvailable: Bool { self != .bfloat16 || BFloat16Product.best != nil }

  /// What it comes to on this machine: runs of equal arithmetic give equal answers.
  var arithmetic: String {
    if self == .float32 { return "float32" }
    return BFloat16Product.best == nil ? "float32, quantised rows in integers" : "bfloat16"
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

  /// The fastest of this processor; nil if it has none.
  static let best = IntegerDot(rawValue: Int(fx_dot_level()))

  var isAvailable: Bool { rawValue <= Self.best?.rawValue ?? 0 }
}
