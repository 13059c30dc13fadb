internal import CKernels
internal import COpenBLAS

internal import Glibc

/// OpenBLAS: single-precision matrix products on one thread. The engine divides work itself, so
/// that attention heads, image crops and questions can share the cores too.
enum BLAS {
  /// Name of the kernel set in use, such as "SkylakeX". The first use settles it for the process.
  static let coreName: String = {
    let requested = unsafe getenv("OPENBLAS_CORETYPE").map { unsafe String(cString: $0) }
    if let better = betterCore(
      than: currentCoreName, requested: requested, cpuLevel: Int(fx_cpu_level()))
    {
      unsafe setenv("OPENBLAS_CORETYPE", better, 1)
      gotoblas_dynamic_quit()
      gotoblas_dynamic_init()
    }
    openblas_set_num_threads(1)
    return currentCoreName
  }()

  /// The kernel set that OpenBLAS should have chosen; nil where its choice stands.
  ///
  /// OpenBLAS knows processors by family and model, and takes one that is newer than itself for some
  /// older one: 0.3.21 runs Zen 5 as Haswell at 0.6 of its speed, and Emerald Rapids as Prescott at a
  /// third. What the processor can do decides here, unless the user's own OPENBLAS_CORETYPE does.
  static func betterCore(than current: String, requested: String?, cpuLevel: Int) -> String? {
    guard (requested ?? "").isEmpty else { return nil }
    let good =
      switch cpuLevel {
      case 4: ["SkylakeX", "Cooperlake", "SapphireRapids"]
      case 3: ["Haswell", "Zen"]
      default: [current]
      }
    return good.contains { $0.lowercased() == current.lowercased() } ? nil : good[0]
  }

  private static var currentCoreName: String {
    unsafe openblas_get_corename().map { unsafe String(cString: $0) } ?? "unknown"
  }

  static var version: String {
    let words = unsafe String(cString: openblas_get_config()).split(separator: " ")
    return words.prefix(2).joined(separator: " ")
  }

  /// c = scale * a b^T + beta * c, where b is given by its rows.
  static func multiply(
    _ a: Matrix, transposed b: Matrix, scale: Float = 1, beta: Float = 0, into c: Matrix
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    if c.rows == 0 || c.columns == 0 { return }
    unsafe cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans,
      blasint(a.rows), blasint(b.rows), blasint(a.columns),
      scale, a.base, blasint(a.stride), b.base, blasint(b.stride),
      beta, c.base, blasint(c.stride))
  }

  /// c = scale * a b + beta * c
  static func multiply(
    _ a: Matrix, _ b: Matrix, scale: Float = 1, beta: Float = 0, into c: Matrix
  ) {
    precondition(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns)
    if c.rows == 0 || c.columns == 0 { return }
    unsafe cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans,
      blasint(a.rows), blasint(b.columns), blasint(a.columns),
      scale, a.base, blasint(a.stride), b.base, blasint(b.stride),
      beta, c.base, blasint(c.stride))
  }

  /// The upper triangle of c += a^T a
  static func addProducts(ofColumns a: Matrix, to c: Matrix) {
    precondition(c.rows == a.columns && c.columns == a.columns)
    if a.rows == 0 { return }
    unsafe cblas_ssyrk(
      CblasRowMajor, CblasUpper, CblasTrans, blasint(a.columns), blasint(a.rows), 1, a.base,
      blasint(a.stride), 1, c.base, blasint(c.stride))
  }

  /// In place, in the upper triangle: of a positive definite matrix the factor U of its inverse,
  /// U^T U = a^-1.
  ///
  /// - Returns: whether the matrix was positive definite.
  static func factorInverse(_ a: Matrix) -> Bool {
    precondition(a.rows == a.columns)
    // The upper triangle in rows is the lower one in LAPACK's columns.
    var (triangle, size, stride, info) = (
      CChar(UInt8(ascii: "L")), Int32(a.rows), Int32(a.stride), Int32(0)
    )
    unsafe spotrf_(&triangle, &size, a.base, &stride, &info, 1)
    if info == 0 { unsafe spotri_(&triangle, &size, a.base, &stride, &info, 1) }
    if info == 0 { unsafe spotrf_(&triangle, &size, a.base, &stride, &info, 1) }
    return info == 0
  }
}
