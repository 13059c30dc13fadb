extension StringProtocol {
  /// The text for a place within a line: what a terminal would obey and not show (escapes, line feeds,
  /// changes of direction) is spelled out, such as "\u{1B}". For names that come out of files.
  var printableInLine: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar.properties.generalCategory == .control || Self.steering.contains(scalar.value) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Ends of lines and paragraphs, and changes of direction.
  private static var steering: Set<UInt32> { Set(0x2028...0x202E).union(0x2066...0x2069) }
}
