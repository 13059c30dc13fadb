extension StringProtocol {
  /// The text on one line, with what a terminal would obey and not show (escapes, line feeds, changes
  /// of direction) written as "\u{1B}": for names and texts that come out of files.
  package var printable: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
