extension String {
  /// The text without white space and byte order marks around it.
  package var trimmed: String {
    func isShown(_ scalar: Unicode.Scalar) -> Bool {
      !scalar.properties.isWhitespace && scalar != "\u{FEFF}"
    }
    guard let first = unicodeScalars.firstIndex(where: isShown),
      let last = unicodeScalars.lastIndex(where: isShown)
    else { return "" }
    return String(unicodeScalars[first...last])
  }
}
