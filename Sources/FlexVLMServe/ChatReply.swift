internal import FlexVLM

/// An answer as OpenAI's API gives it: whole, or piece by piece.
///
/// Its JSON has the API's names, with underscores; `flexvlm` is an extension that its clients pass
/// over.
struct ChatReply: Encodable {
  struct Message: Encodable {
    var role: String?
    var content: String?
  }

  struct Choice: Encodable {
    private enum Keys: String, CodingKey { case index, message, delta, logprobs, finishReason }

    var message: Message?
    var delta: Message?
    var logprobs: TokenProbabilities?
    var finishReason: String?

    /// Fields without a value are null where the API has them so.
    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: Keys.self)
      try fields.encode(0, forKey: .index)
      try fields.encodeIfPresent(message, forKey: .message)
      try fields.encodeIfPresent(delta, forKey: .delta)
      try fields.encode(logprobs, forKey: .logprobs)
      try fields.encode(finishReason, forKey: .finishReason)
    }
  }

  struct Usage: Encodable {
    let promptTokens: Int
    let completionTokens: Int
    let totalTokens: Int

    /// An image's tokens count, the end token does not.
    init(_ answer: Answer) {
      promptTokens = answer.statistics.promptPositions
      completionTokens = answer.spokenSteps.count
      totalTokens = promptTokens + completionTokens
    }
  }

  let id: String
  let object: String
  /// Seconds since 1970.
  let created: Int
  let model: String
  var choices: [Choice] = []
  var usage: Usage?
  var flexvlm: LookReport?
}

extension Answer {
  /// The steps whose tokens belong to the text.
  var spokenSteps: ArraySlice<GenerationStep> {
    finishReason == .end ? steps.dropLast() : steps[...]
  }
}

/// Where the model looked and what it took.
struct LookReport: Encodable {
  let encodeSeconds: Double
  let prefillSeconds: Double
  let decodeSeconds: Double
  let encodedCrops: Int
  let cropCount: Int
  /// Cells along a side of the image, padded to a square; 0 without an image or cells.
  let cellGrid: Int
  /// How many selections hold each cell, row-major.
  let cells: [Int]
  let selections: Int
  /// A picture as a data URI, where it was asked for and any cell was seen.
  var heatmap: String?

  /// - Parameter layerCount: of the decoder; what its last layer chooses is seen by none.
  init(_ answer: Answer, layerCount: Int) {
    encodeSeconds = answer.statistics.encodeTime / .seconds(1)
    prefillSeconds = answer.statistics.prefillTime / .seconds(1)
    decodeSeconds = answer.statistics.decodeTime / .seconds(1)
    encodedCrops = answer.statistics.encodedCrops
    cropCount = answer.statistics.cropCount
    let seen = answer.steps.flatMap(\.selections).filter { $0.layer < layerCount - 1 }
    cellGrid = seen.first?.cells.grid ?? 0
    var counts = Array(repeating: 0, count: cellGrid * cellGrid)
    for layer in seen {
      for cell in layer.cells.cells { counts[cell] += 1 }
    }
    cells = counts
    selections = seen.count
  }
}

/// The probability of each token of an answer, and of the likeliest ones at its place.
struct TokenProbabilities: Encodable {
  struct Token: Encodable {
    let token: String
    let logprob: Float
    let bytes: [UInt8]
    var topLogprobs: [Token]?

    init(_ id: Int, _ logprob: Float, _ model: VisionLanguageModel) {
      bytes = model.bytes(of: id)
      token = String(decoding: bytes, as: UTF8.self)
      self.logprob = logprob
    }
  }

  let content: [Token]

  /// - Parameter top: tokens to list at each place, 0 to 5.
  init(_ answer: Answer, top: Int, model: VisionLanguageModel) {
    content = answer.spokenSteps.map { step in
      var token = Token(step.token, -step.loss, model)
      token.topLogprobs = step.top.prefix(top).map {
        Token($0.id, $0.logit - step.normalizer, model)
      }
      return token
    }
  }
}

/// The answer of `GET /v1/models`.
struct ModelList: Encodable {
  struct Model: Encodable {
    let id: String
    let object = "model"
    let created = 0
    let ownedBy = "flexvlm"
  }

  let object = "list"
  let data: [Model]
}
