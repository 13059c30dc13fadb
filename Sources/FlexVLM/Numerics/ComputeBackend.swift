internal import CKernels

/// What computes on this machine.
public enum ComputeBackend {
  /// The BLAS library and the kernels that it chose, such as "OpenBLAS 0.3.21, SkylakeX kernels".
  public static var blas: String {
    let core = BLAS.coreName
    return "\(BLAS.version), \(core) kernels"
  }

  /// How products of many rows are computed, such as "bfloat16 (AVX512-BF16)".
  public static func products(_ precision: Precision) -> String {
    let usual =
      switch precision == .float32 ? nil : BFloat16Product.best {
      case .amx: "bfloat16 (AMX)"
      case .avx512: "bfloat16 (AVX512-BF16)"
      case nil: "float32"
      }
    return precision == .auto && IntegerDot.multipliesMany
      ? usual + ", of quantised weights in bytes (AVX512-VNNI)" : usual
  }

  /// The vector instructions that flexvlm's own kernels use.
  public static var vectorInstructions: String {
    switch fx_cpu_level() {
    case 4: "AVX-512"
    case 3: "AVX2"
    default: "baseline"
    }
  }

  /// The cores that this process may run on, which in a container can be fewer than there are.
  static var coreCount: Int { Int(fx_core_count()) }
}
