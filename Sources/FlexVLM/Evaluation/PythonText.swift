// Text operations that the official scorers, which are Python, rely on. They work on Unicode scalars
// as Python does: Swift's characters would merge a combining mark with the letter before it, and
// Swift's equality would take composed and decomposed spellings for one.

/// A text as Python sees it: code points.
typealias CodePoints = [Unicode.Scalar]

extension [Unicode.Scalar] {
  init(_ text: String) { self = Array(text.unicodeScalars) }

  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self)
    return String(view)
  }

  /// `str.lower()`, with the final form of sigma at the end of a word.
  func lowered() -> CodePoints {
    var result: CodePoints = []
    result.reserveCapacity(count)
    for (index, scalar) in enumerated() {
      if scalar == "\u{3A3}", isFinalSigma(at: index) {
        result.append("\u{3C2}")
      } else if scalar.isASCII {
        let isUpper = scalar.value >= 65 && scalar.value <= 90
        result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
      } else {
        result += Array(scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  private func isFinalSigma(at index: Int) -> Bool {
    let before = self[..<index].last { !$0.properties.isCaseIgnorable }
    let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }

  /// `str.strip()`
  func stripped() -> CodePoints {
    guard let first = firstIndex(where: { !$0.isPythonSpace }),
      let last = lastIndex(where: { !$0.isPythonSpace })
    else { return [] }
    return CodePoints(self[first...last])
  }

  /// `str.split()`
  func words() -> [CodePoints] {
    split(whereSeparator: \.isPythonSpace).map { CodePoints($0) }
  }

  /// `str.replace(old, new)`; `old` is not empty.
  func replacing(_ old: String, with new: String) -> CodePoints {
    let (old, new) = (CodePoints(old), CodePoints(new))
    var result: CodePoints = []
    var index = 0
    while index < count {
      if self[index] == old[0], self[index...].starts(with: old) {
        result += new
        index += old.count
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }

}

extension Unicode.Scalar {
  /// `str.isspace()`: also the information separators, which Unicode does not call white space.
  var isPythonSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

  /// `\d` of Python's `re`.
  var isPythonDigit: Bool { properties.generalCategory == .decimalNumber }
}

/// `float(text)`; nil where Python raises.
func pythonFloat(_ text: CodePoints) -> Double? {
  var ascii = ""
  for scalar in text.stripped() {
    if scalar.isPythonDigit, let digit = scalar.properties.numericValue {
      ascii += "\(Int(digit))"
    } else if scalar.isASCII {
      ascii.unicodeScalars.append(scalar)
    } else {
      return nil
    }
  }
  // Swift also reads hexadecimal and NaN payloads, Python also underscores between digits.
  let unsigned = ascii.drop { $0 == "+" || $0 == "-" }
  guard ascii.count - unsigned.count <= 1 else { return nil }
  if ["inf", "infinity", "nan"].contains(unsigned.lowercased()) { return Double(ascii) }
  guard isPythonNumber(Array(unsigned.utf8)) else { return nil }
  let plain = ascii.filter { $0 != "_" }
  return Double(plain) ?? Double(plain.replacing(".e", with: ".0e").replacing(".E", with: ".0e"))
}

/// Whether digits, a point among or beside them and an exponent make up a text without its sign.
private func isPythonNumber(_ text: [UInt8]) -> Bool {
  var rest = text[...]
  /// Takes digits with single underscores between them.
  func takeDigits() -> Bool? {
    let digits = rest.prefix { isDigit($0) || $0 == UInt8(ascii: "_") }
    rest = rest.dropFirst(digits.count)
    let groups = digits.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    return groups.count > 1 && groups.contains(where: \.isEmpty) ? nil : !digits.isEmpty
  }
  func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  guard let hasWhole = takeDigits() else { return false }
  var hasPart = false
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    guard let digits = takeDigits() else { return false }
    hasPart = digits
  }
  guard hasWhole || hasPart else { return false }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard takeDigits() == true else { return false }
  }
  return rest.isEmpty
}
