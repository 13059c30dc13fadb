internal import CKernels

/// Tells whether two files or data sets are the same one.
package enum Fingerprint {
  /// The SHA-256 digest of bytes, as hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe fx_sha256(bytes, bytes.count, &digest)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
