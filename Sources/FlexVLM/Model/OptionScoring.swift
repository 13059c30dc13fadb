/// How well one option answers a question.
public struct OptionScore: Sendable {
  public let option: String
  /// Mean of `tokenLosses`.
  public let loss: Float
  /// Negative log-likelihood of each token of the option, in nats.
  public let tokenLosses: [Float]
  /// What each selecting layer chose on the way to each token.
  public let selections: [[LayerSelection]]
}

extension OptionScore {
  /// How likely the option's tokens are, as if the model had written them.
  public var confidence: Confidence? { Confidence(losses: tokenLosses) }
}

/// The scores of all options of one request, and what computing them took.
public struct OptionScores: Sendable {
  public let options: [OptionScore]
  public internal(set) var statistics: GenerationStatistics

  /// Index of the option with the lowest loss, the first among equals.
  public var best: Int {
    options.indices.min { options[$0].loss < options[$1].loss } ?? 0
  }
}

extension VisionLanguageModel {
  /// Scores options by their likelihood as the continuation of the prompt, as V*Bench does
  /// (Wu and Xie, arXiv 2312.14135): mean cross-entropy over the option's tokens.
  ///
  /// The prompt runs once. Each token of an option sees the cells that its own attention selects,
  /// which equals the official code's training-mode pass (Algorithm 8.2).
  ///
  /// Blocks the calling thread meanwhile; from asynchronous code the form of the same name that does
  /// not block is called.
  ///
  /// - Parameters:
  ///   - query: a question for the template, or a whole prompt.
  ///   - options: two or more answers, usually.
  ///   - image: nil for text alone.
  ///   - selection: what is seen of the high view.
  ///   - includingEnd: whether the end-of-sequence token counts as an option's last token.
  /// - Throws: ``InferenceError``
  public func score(
    _ query: Query, options: [String], about image: EncodedImage?,
    selection: SelectionOptions = SelectionOptions(), includingEnd: Bool = false
  ) throws(InferenceError) -> OptionScores {
    try selection.check()
    let prompt = try prompt(for: query, image: image, selection.policy)
    var continuations: [[Int]] = []
    for (index, option) in options.enumerated() {
      let ids = try continuation(query, option, index, prompt, image)
      continuations.append(includingEnd ? ids + [tokenizer.vocabulary.end] : ids)
    }
    return try run(prompt, about: image, statistics: \.statistics) {
      (session, tower) throws(InferenceError) in
      var statistics = GenerationStatistics()
      var clock = StageClock(tower: tower)
      let (first, reused) = try session.prefill(prompt, selection)
      statistics.prefillTime = clock.lap(&statistics.encodeTime)
      var scores: [OptionScore] = []
      for (option, tokens) in zip(options, continuations) {
        scores.append(try score(option, tokens, after: first, session))
      }
      statistics.decodeTime = clock.lap(&statistics.encodeTime)
      statistics.promptPositions = prompt.positionCount
      statistics.reusedPositions = reused
      return OptionScores(options: scores, statistics: statistics)
    }
  }

  private func score(
    _ option: String, _ tokens: [Int], after prompt: DecodingSession.Step,
    _ session: DecodingSession
  ) throws(InferenceError) -> OptionScore {
    var step = prompt
    var losses: [Float] = []
    var selections: [[LayerSelection]] = []
    for (index, token) in tokens.enumerated() {
      if index > 0 { step = try session.advance(tokens[index - 1]) }
      losses.append(Self.crossEntropy(step.logits, token))
      selections.append(step.selections)
    }
    session.rewind(tokens.count - 1)
    return OptionScore(
      option: option, loss: losses.reduce(0, +) / Float(losses.count), tokenLosses: losses,
      selections: selections)
  }

  /// Tokens of an option: what the prompt's ids grow by when it follows the text.
  private func continuation(
    _ query: Query, _ option: String, _ index: Int, _ prompt: Prompt, _ image: EncodedImage?
  ) throws(InferenceError) -> [Int] {
    var turns = try promptTurns(for: query, withImage: image != nil)
    var parts = turns.removeLast()
    let end = parts.removeLast()
    let isSeparate = end.last.map(\.isWhitespace) ?? parts.isEmpty
    var ids = try tokens(of: turns + [parts + [end + (isSeparate ? "" : " ") + option]])
    if configuration.spellsAnswers {
      ids = tokenizer.spell(option)
    } else {
      // Where the prompt's last token would join the option, the option stands by itself.
      ids =
        ids.starts(with: prompt.ids)
        ? Array(ids[prompt.ids.count...]) : tokenizer.encode(option)
    }
    guard !ids.isEmpty, !option.isEmpty else { throw .emptyOption(index: index) }
    let positions = prompt.positionCount + ids.count
    guard positions <= configuration.language.contextLength else {
      throw .promptTooLong(positions: positions, limit: configuration.language.contextLength)
    }
    return ids
  }

  static func crossEntropy(_ logits: [Float], _ token: Int) -> Float {
    normalizer(logits) - logits[token]
  }

  /// The logarithm of the sum of the logits' exponentials.
  static func normalizer(_ logits: [Float]) -> Float {
    let top = logits.max() ?? 0
    let sum = logits.reduce(Float(0)) { $0 + exponential($1 - top) }
    return logarithm(sum) + top
  }
}
