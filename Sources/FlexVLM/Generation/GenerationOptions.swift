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
}
