/// Reads typed, range-checked values from a model file's metadata and notes every fault, so that
/// all of them can be reported at once.
struct MetadataReader {
  private let metadata: [String: GGUFValue]
  private(set) var faults: [String] = []

  init(_ metadata: [String: GGUFValue]) { self.metadata = metadata }

  mutating func fault(_ description: String) { faults.append(description) }

  func has(_ key: String) -> Bool { metadata[key] != nil }

  mutating func integer(_ key: String, in range: ClosedRange<Int>, default: Int? = nil) -> Int {
    guard let value = metadata[key] ?? `default`.map(GGUFValue.integer) else {
      return missing(key, range.lowerBound)
    }
    guard case .integer(let integer) = value, range.contains(integer) else {
      fault("\(key) is \(brief(value)), not a whole number in \(range)")
      return range.lowerBound
    }
    return integer
  }

  mutating func number(
    _ key: String, in range: ClosedRange<Double>, default: Double? = nil
  ) -> Float {
    guard let value = metadata[key] ?? `default`.map(GGUFValue.number) else {
      return missing(key, Float(range.lowerBound))
    }
    guard case .number(let number) = value, range.contains(number) else {
      fault("\(key) is \(brief(value)), not a number in \(range)")
      return Float(range.lowerBound)
    }
    return Float(number)
  }

  mutating func boolean(_ key: String, default: Bool) -> Bool {
    guard let value = metadata[key] else { return `default` }
    guard case .boolean(let flag) = value else {
      fault("\(key) is \(brief(value)), not true or false")
      return `default`
    }
    return flag
  }

  mutating func string(_ key: String) -> String {
    guard let value = metadata[key] else { return missing(key, "") }
    guard case .string(let string) = value else {
      fault("\(key) is \(brief(value)), not text")
      return ""
    }
    return string
  }

  /// Notes a fault where a key has another value than the ones named; without the key all is well.
  mutating func expect(_ key: String, among known: [GGUFValue], _ reason: String) {
    guard let value = metadata[key], !known.contains(value) else { return }
    fault("\(key) is \(brief(value)): \(reason)")
  }

  mutating func strings(_ key: String) -> [String] {
    guard let value = metadata[key] else { return missing(key, []) }
    guard case .strings(let strings) = value else {
      fault("\(key) is \(brief(value)), not a list of texts")
      return []
    }
    return strings
  }

  mutating func integers(_ key: String, count: Int) -> [Int] {
    guard let value = metadata[key] else { return missing(key, []) }
    guard case .integers(let integers) = value, integers.count == count else {
      fault("\(key) is \(brief(value)), not a list of \(count) whole numbers")
      return []
    }
    return integers
  }

  mutating func numbers(_ key: String, count: Int) -> [Double] {
    guard let value = metadata[key] else { return missing(key, []) }
    guard case .numbers(let numbers) = value, numbers.count == count,
      numbers.allSatisfy(\.isFinite)
    else {
      fault("\(key) is \(brief(value)), not a list of \(count) numbers")
      return []
    }
    return numbers
  }

  private mutating func missing<T>(_ key: String, _ substitute: T) -> T {
    fault("the metadata key \(key) is missing")
    return substitute
  }

  private func brief(_ value: GGUFValue) -> String {
    switch value {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .string(let value): "'\(value.prefix(40).printableInLine)'"
    case .integers(let values): "a list of \(values.count) whole numbers"
    case .numbers(let values): "a list of \(values.count) numbers"
    case .strings(let values): "a list of \(values.count) texts"
    }
  }
}
