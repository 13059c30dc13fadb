extension VisionLanguageModel {
  /// The bytes that a token stands for within a text, a space before a word among them; none for
  /// special tokens.
  public func bytes(of token: Int) -> [UInt8] { tokenizer.bytes(of: token) }
}
