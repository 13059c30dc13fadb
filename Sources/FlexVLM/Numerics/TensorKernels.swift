internal import CKernels

/// y[r] = dot(row r of w, x): w, rows, columns, x, y
typealias DotKernel =
  @convention(c) (
    UnsafeRawPointer?, Int, Int, UnsafePointer<fx_codes>?, UnsafeMutablePointer<Float>?
  ) -> Void

/// What is computed on the stored form of a tensor type, counts in numbers.
@unsafe struct TensorKernels {
  /// y = float(x)
  let widen: @convention(c) (UnsafeRawPointer?, Int, UnsafeMutablePointer<Float>?) -> Void
  /// y[r] = dot(row r of w, x): w, rows, columns, x, y
  let multiply:
    @convention(c) (
      UnsafeRawPointer?, Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  /// The same for x in codes, by instructions of a level; nil if a type has no such kernels.
  let dot: (@convention(c) (Int32) -> DotKernel?)?
  /// Groups of 32 as bytes: w, groups, bytes, scales, minima; nil for types with other groups.
  let unpack:
    (
      @convention(c) (
        UnsafeRawPointer?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Float>?,
        UnsafeMutablePointer<Float>?
      ) -> Void
    )?
  /// y = the nearest to x that the type can hold
  let quantize: @convention(c) (UnsafePointer<Float>?, Int, UnsafeMutableRawPointer?) -> Void
}

extension TensorType {
  /// Whether rounding errors are worth making up for.
  var isCompensated: Bool { unsafe compensate != nil }

  /// Packs at most 256 numbers of a row and makes up for their errors (see `fx_compensate_q4_0`); nil
  /// for types whose errors are small.
  var compensate:
    (
      @convention(c) (
        UnsafeMutablePointer<Float>?, Int, UnsafePointer<Float>?, Int,
        UnsafeMutablePointer<Float>?, UnsafeMutableRawPointer?
      ) -> Void
    )?
  {
    switch self {
    case .q40: unsafe fx_compensate_q4_0
    case .q41: unsafe fx_compensate_q4_1
    case .q4K: unsafe fx_compensate_q4_k
    default: nil
    }
  }

  var kernels: TensorKernels {
    switch self {
    case .f32:
      unsafe TensorKernels(
        widen: fx_widen_f32, multiply: fx_matvec_f32, dot: nil, unpack: nil,
        quantize: fx_quantize_f32)
    case .f16:
      unsafe TensorKernels(
        widen: fx_widen_f16, multiply: fx_matvec_f16, dot: nil, unpack: nil,
        quantize: fx_quantize_f16)
    case .bf16:
      unsafe TensorKernels(
        widen: fx_widen_bf16, multiply: fx_matvec_bf16, dot: nil, unpack: nil,
        quantize: fx_quantize_bf16)
    case .q40:
      unsafe TensorKernels(
        widen: fx_widen_q4_0, multiply: fx_matvec_q4_0, dot: fx_dot_q4_0,
        unpack: fx_unpack_q4_0, quantize: fx_quantize_q4_0)
    case .q41:
      unsafe TensorKernels(
        widen: fx_widen_q4_1, multiply: fx_matvec_q4_1, dot: fx_dot_q4_1,
        unpack: fx_unpack_q4_1, quantize: fx_quantize_q4_1)
    case .q50:
      unsafe TensorKernels(
        widen: fx_widen_q5_0, multiply: fx_matvec_q5_0, dot: fx_dot_q5_0,
        unpack: fx_unpack_q5_0, quantize: fx_quantize_q5_0)
    case .q51:
      unsafe TensorKernels(
        widen: fx_widen_q5_1, multiply: fx_matvec_q5_1, dot: fx_dot_q5_1,
        unpack: fx_unpack_q5_1, quantize: fx_quantize_q5_1)
    case .q8:
      unsafe TensorKernels(
        widen: fx_widen_q8_0, multiply: fx_matvec_q8_0, dot: fx_dot_q8_0,
        unpack: fx_unpack_q8_0, quantize: fx_quantize_q8_0)
    case .q4K:
      unsafe TensorKernels(
        widen: fx_widen_q4_k, multiply: fx_matvec_q4_k, dot: fx_dot_q4_k,
        unpack: fx_unpack_q4_k, quantize: fx_quantize_q4_k)
    case .q5K:
      unsafe TensorKernels(
        widen: fx_widen_q5_k, multiply: fx_matvec_q5_k, dot: fx_dot_q5_k,
        unpack: fx_unpack_q5_k, quantize: fx_quantize_q5_k)
    case .q6K:
      unsafe TensorKernels(
        widen: fx_widen_q6_k, multiply: fx_matvec_q6_k, dot: fx_dot_q6_k,
        unpack: nil, quantize: fx_quantize_q6_k)
    }
  }
}
