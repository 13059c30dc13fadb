/// Comma-separated values as RFC 4180 has them: lines end with CR LF; a field with a comma, a quote or
/// a line end stands in quotes, quotes in it doubled.
enum SeparatedValues {
  /// A line with its end.
  static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  /// By code points: for Swift CR LF is one character.
  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.unicodeScalars.contains { ["\"", ",", "\r", "\n"].contains($0) }
    return needsQuotes ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
  }

  /// A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe, which
  /// marks text there. Numbers with a sign begin like one, but are none.
  ///
  /// - Source: OWASP, "CSV Injection".
  static func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, formulaStarts.contains(first) else { return text }
    let rest = text.unicodeScalars.dropFirst()
    let isNumber =
      ["+", "-"].contains(first) && rest.contains { ("0"..."9").contains($0) }
      && rest.allSatisfy { ("0"..."9").contains($0) || [".", ",", "%"].contains($0) }
    return isNumber ? text : "'" + text
  }

  /// The last four are the wide forms of the first, which spreadsheets read as those.
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// The lines of a text with their ends; line ends in quotes do not count. What follows the last end
  /// is left out.
  static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var isQuoted = false
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted {
        lines.append(text[start...index])
        start = index + 1
      }
    }
    return lines
  }
}
