// From an image and a question to an answer, one call per stage:
//
//   image -> square -> high view -> low view -> tower, projector -> low tokens
//   question -> template -> ids -> embeddings with low tokens -> layers, cells -> logits -> text
//                                              high crops -> tower, projector -^ when cells need them

extension VisionLanguageModel {
  /// Looks at an image: the low-resolution view is encoded now, crops of the high-resolution view
  /// when an answer first needs them.
  ///
  /// Blocks the calling thread meanwhile; from asynchronous code the form of the same name that does
  /// not block is called.
  ///
  /// - Parameters:
  ///   - image: any size and shape; it is laid on a square.
  ///   - cache: what it has of the image is taken over; see ``EncodedImage/store()``.
  /// - Throws: ``InferenceError/outOfMemory(bytes:)``
  public func encode(
    _ image: RGBImage, cache: ImageCache? = nil
  ) throws(InferenceError) -> EncodedImage {
    var demand = configuration.viewDemand(threads: threads)
    demand.reserve += scratchDemand.reserve
    try demand.require()
    let tower = VisionTower(encoder, projector, towerWorkspace())
    let place = cache.flatMap { cache in
      cache.path(for: image, self).map { KeptImage(cache: cache, path: $0) }
    }
    let record = place?.read()
    let features = features(of: image, tower, keptIn: record)
    let session = DecodingSession(decoder, image: features, decoderWorkspace())
    if let record { session.restore(record) }
    return EncodedImage(
      width: image.width, height: image.height, tower: tower, features: features,
      session: session, place: place, isKept: record != nil)
  }

  func features(
    of image: RGBImage, _ tower: VisionTower, keptIn record: CacheRecord? = nil
  ) -> ImageFeatures {
    let (vision, high) = (configuration.vision, configuration.high)
    let (view, low) = image.views(configuration, threads: threads)

    let highResolution = high.map { high in
      (
        features: HighFeatures(view, high, tower: tower),
        selector: CellSelector(
          lowGrid: vision.lowGrid, cellGrid: high.selectionGrid, threshold: high.threshold,
          imageWidth: image.width, imageHeight: image.height)
      )
    }
    return record.flatMap {
      ImageFeatures($0, highResolution: highResolution, vision, tower: tower)
    } ?? ImageFeatures(low: low, highResolution: highResolution, tower: tower)
  }

  /// Answers a query about an image, or about nothing but its text.
  ///
  /// Blocks the calling thread until the answer is complete; from asynchronous code the form of the
  /// same name that does not block is called.
  ///
  /// - Parameters:
  ///   - query: a question for the template, or a whole prompt.
  ///   - image: nil for text alone.
  ///   - options: length, selection and sampling.
  ///   - onText: receives the answer piece by piece; false stops it.
  /// - Throws: ``InferenceError``
  public func ask(
    _ query: Query, about image: EncodedImage?, options: GenerationOptions = .init(),
    onText: (String) -> Bool = { _ in true }
  ) throws(InferenceError) -> Answer {
    try options.check()
    let prompt = try prompt(for: query, image: image, options.selection.policy)
    return try run(prompt, about: image, statistics: \.statistics) {
      (session, tower) throws(InferenceError) in
      try generate(prompt, session, tower: tower, options, onText)
    }
  }

  /// Runs one request on the image's session, or on a fresh one where there is only text.
  func run<Result>(
    _ prompt: Prompt, about image: EncodedImage?,
    statistics: WritableKeyPath<Result, GenerationStatistics>,
    _ body: (DecodingSession, VisionTower?) throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    if let file = mapped.first(where: { !$0.isWhole }) { throw .modelCutShort(path: file.path) }
    let positions = prompt.positionCount
    let demand = configuration.promptDemand(positions: positions, threads: threads)
    guard let image else {
      try demand.require()
      try scratchDemand.require()
      return try body(DecodingSession(decoder, image: nil, decoderWorkspace()), nil)
    }
    return try image.run(body, positions: positions, demand: demand, statistics: statistics)
  }

  private func generate(
    _ prompt: Prompt, _ session: DecodingSession, tower: VisionTower?,
    _ options: GenerationOptions, _ onText: (String) -> Bool
  ) throws(InferenceError) -> Answer {
    var statistics = GenerationStatistics()
    var clock = StageClock(tower: tower)
    var (step, reused) = try session.prefill(prompt, options.selection)
    statistics.prefillTime = clock.lap(&statistics.encodeTime)

    var sampler = Sampler(options.sampling)
    var output = AnswerText(tokenizer.vocabulary)
    var steps: [GenerationStep] = []
    var finish: Answer.FinishReason?
    while finish == nil {
      let token = sampler.next(step.logits)
      let text = output.append(token)
      let normalizer = Self.normalizer(step.logits)
      steps.append(
        GenerationStep(
          token: token, text: text, loss: normalizer - step.logits[token], normalizer: normalizer,
          top: Sampler.top(5, of: step.logits), selections: step.selections))
      if token == tokenizer.vocabulary.end {
        finish = .end
      } else if !text.isEmpty, !onText(text) {
        finish = .cancelled
      } else if steps.count >= options.maximumTokens || !session.hasRoom {
        finish = .length
      } else {
        step = try session.advance(token)
      }
    }
    let rest = output.finish()
    if !rest.isEmpty, finish != .cancelled { _ = onText(rest) }
    statistics.decodeTime = clock.lap(&statistics.encodeTime)
    statistics.promptPositions = prompt.positionCount
    statistics.reusedPositions = reused
    return Answer(
      text: output.text, finishReason: finish!, promptTokens: prompt.ids,
      imageRange: prompt.imageRange, steps: steps, statistics: statistics)
  }

  /// Ids of a request, checked against the context and for exactly one place of the image.
  func prompt(
    for query: Query, image: EncodedImage?, _ policy: SelectionPolicy
  ) throws(InferenceError) -> Prompt {
    let prompt = Prompt(
      ids: try tokens(of: promptTurns(for: query, withImage: image != nil)),
      imageTokenCount: image?.tokenCount(policy) ?? 0)
    let limit = configuration.language.contextLength
    guard prompt.positionCount <= limit else {
      throw .promptTooLong(positions: prompt.positionCount, limit: limit)
    }
    return prompt
  }

  /// A question in the model's template (without the image's place where there is none), the given
  /// prompt, or a conversation: the parts of each turn around the image.
  func promptTurns(for query: Query, withImage: Bool) throws(InferenceError) -> [[String]] {
    let expected = withImage ? 1 : 0
    switch query {
    case .prompt(let text):
      let parts = Tokenizer.parts(of: text)
      guard parts.count == expected + 1 else {
        throw .imagePlaces(found: parts.count - 1, expected: expected)
      }
      return [parts]
    case .question(let text):
      return [
        PromptTemplate.parts(
          of: configuration.promptTemplate, question: try cleaned(text), withImage: withImage)
      ]
    case .conversation(var conversation):
      for index in conversation.turns.indices {
        conversation.turns[index].question = try cleaned(conversation.turns[index].question)
      }
      let places = conversation.turns.count(where: \.hasImage)
      guard places == expected else { throw .imagePlaces(found: places, expected: expected) }
      guard !conversation.turns.isEmpty else { throw .blankQuestion }
      guard let turns = PromptTemplate.turns(of: configuration.promptTemplate, conversation) else {
        throw .noConversation
      }
      return turns
    }
  }

  private func cleaned(_ question: String) throws(InferenceError) -> String {
    guard let question = Query.cleaned(question: question) else { throw .blankQuestion }
    return question
  }

  /// Ids of a prompt; texts that cannot fit in the context are not even tokenized.
  func tokens(of turns: [[String]]) throws(InferenceError) -> [Int] {
    let bytes = turns.joined().reduce(0) { $0 + $1.utf8.count }
    let context = configuration.language.contextLength
    let limit = min(1 << 20, context * tokenizer.vocabulary.longestPiece)
    guard bytes <= limit else { throw .textTooLong(bytes: bytes, limit: limit) }
    return tokenizer.encode(turns: turns)
  }
}

extension RGBImage {
  /// The image as the tower sees it, whole and in the size of crops: the high-resolution view (of a
  /// plain model, the only one) and the low one.
  func views(
    _ configuration: ModelConfiguration, threads: Int
  ) -> (view: NormalizedImage, low: PixelPlanes) {
    let vision = configuration.vision
    let mean = vision.imageMean.map { UInt8($0 * 255) }
    let square = squared(
      to: configuration.high?.size ?? vision.nativeSize,
      background: SIMD3(mean[0], mean[1], mean[2]), threads: threads)
    let view = NormalizedImage(
      square, mean: vision.imageMean, deviation: vision.imageDeviation)
    // The low view is a shrunk high view, not a second resize of the image (Algorithm 2.4).
    return (view, view.shrunk(to: vision.lowSize, threads: threads))
  }
}
