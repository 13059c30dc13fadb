/// How an answer is generated.
public struct GenerationOptions: Sendable, Equatable {
  /// Tokens at most, the end-of-sequence token not counted.
  public var maximumTokens: Int
  public var selection: SelectionOptions
  public var sampling: SamplingOptions

  public init(
    maximumTokens: Int = 512, selection: SelectionOptions = SelectionOptions(),
    sampling: SamplingOptions = SamplingOptions()
  ) {
    self.maximumTokens = maximumTokens
    self.selection = selection
    self.sampling = sampling
  }

  /// - Throws: ``InferenceError/invalidSetting(name:value:range:)``
  func check() throws(InferenceError) {
    try InferenceError.require(maximumTokens, in: 1...Int.max, "token limit")
    try InferenceError.require(sampling.temperature, in: 0...1000, "temperature")
    try InferenceError.require(sampling.topP, in: 0...1, "top-p share")
    try selection.check()
  }
}

extension InferenceError {
  /// - Throws: ``invalidSetting(name:value:range:)`` for a value outside the range, NaN among them.
  static func require<Value: Comparable>(
    _ value: Value, in range: ClosedRange<Value>, _ name: String
  ) throws(InferenceError) {
    guard !range.contains(value) else { return }
    throw .invalidSetting(
      name: name, value: "\(value)", range: "from \(range.lowerBound) to \(range.upperBound)")
  }
}
