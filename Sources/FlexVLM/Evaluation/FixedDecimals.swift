internal import Glibc

extension Double {
  /// The number with so many decimals, rounded as Python's `%.2f` and C's do: by the exact binary
  /// value, halves to even.
  package func fixed(_ decimals: Int) -> String {
    unsafe withVaList([Int32(decimals), self]) { arguments in
      // 309 digits before the point are the most that a double has.
      var buffer = [CChar](repeating: 0, count: 330 + decimals)
      let count = unsafe vsnprintf(&buffer, buffer.count, "%.*f", arguments)
      return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
