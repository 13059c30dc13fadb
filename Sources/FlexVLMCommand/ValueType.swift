import FlexVLM

/// A kind of option value: how it is described, read and written.
struct ValueType<Value: Sendable>: Sendable {
  /// What a text must be, such as "a whole number from 1 to 4096".
  let expected: String
  /// Limits that help shows, such as "1 to 4096"; nil where there are none.
  let limits: String?
  /// All values as texts, where there are few.
  var names: [String] = []
  /// The value of a text; nil if it is not `expected`.
  let read: @Sendable (String) -> Value?
  /// The text that reads as a value.
  let write: @Sendable (Value) -> String
}

extension ValueType where Value == String {
  static var text: Self {
    Self(
      expected: "some text", limits: nil,
      read: { $0.trimmed.isEmpty ? nil : $0 }, write: { $0 })
  }

  static var fileName: Self {
    Self(expected: "a file name", limits: nil, read: { $0.isEmpty ? nil : $0 }, write: { $0 })
  }
}

extension ValueType where Value == String {
  /// As `Scripts/convert.py` takes it: `\n` stands for a line feed.
  static var promptTemplate: Self {
    Self(
      expected: "a text with '<image>' and '{question}' once each", limits: nil,
      read: { text in
        let template = text.replacing("\\n", with: "\n")
        return PromptTemplate.fault(in: template) == nil ? template : nil
      },
      write: { $0.replacing("\n", with: "\\n") })
  }
}

extension ValueType where Value == Shard {
  static var shard: Self {
    Self(
      expected: "a part and their number, such as 2/8", limits: nil,
      read: { text in
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1] else {
          return nil
        }
        return Shard(number: number, count: count)
      },
      write: { $0.description })
  }
}

extension ValueType where Value == Int {
  static func wholeNumber(_ range: ClosedRange<Int>) -> Self {
    let limits = "\(range.lowerBound) to \(range.upperBound)"
    return Self(
      expected: "a whole number from \(limits)", limits: limits,
      read: { Int($0).flatMap { range.contains($0) ? $0 : nil } },
      write: { String($0) })
  }
}

extension ValueType where Value == Double {
  static func number(_ range: ClosedRange<Double>) -> Self {
    let limits = "\(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
    return Self(
      expected: "a number from \(limits)", limits: limits,
      read: { Double($0).flatMap { range.contains($0) ? $0 : nil } },
      write: { shortest($0) })
  }

  /// "0.5", but "1" rather than "1.0".
  private static func shortest(_ number: Double) -> String {
    Int(exactly: number).map { String($0) } ?? String(number)
  }
}

extension ValueType
where Value: CaseIterable & RawRepresentable<String>, Value.AllCases: RandomAccessCollection {
  static func choice() -> Self {
    let names = Value.allCases.map(\.rawValue)
    let quoted = names.map { "'\($0)'" }
    let list = quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
    return Self(
      expected: list, limits: list.filter { $0 != "'" }, names: names,
      read: { Value(rawValue: $0) }, write: { $0.rawValue })
  }
}

extension ValueType where Value == QuantizationType {
  static var quantizationType: Self {
    let names = QuantizationType.allCases.map(\.rawValue)
    return Self(
      expected: "one of \(QuantizationType.names)", limits: nil, names: names,
      read: { QuantizationType(name: $0) }, write: { $0.rawValue })
  }
}
