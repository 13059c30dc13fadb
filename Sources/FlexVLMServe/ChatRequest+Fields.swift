internal import FlexVLM

/// Any field's name, to find those that are not known.
struct FieldName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension ChatRequest: Decodable {
  private typealias Fields = KeyedDecodingContainer<FieldName>

  /// Fields that change an answer; the last three are this server's own.
  private static let known: Set<String> = [
    "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "seed",
    "stop", "stream", "stream_options", "logprobs", "top_logprobs", "policy", "budget", "heatmap",
  ]
  /// Fields that say who asks and change nothing.
  private static let notes: Set<String> = ["user", "metadata", "safety_identifier"]

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: FieldName.self)
    try Self.refuseUnsupported(fields)
    func value<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T? {
      do {
        return try fields.decodeIfPresent(type, forKey: FieldName(name))
      } catch let error where !(error is APIError || error is DecodingError) {
        // Of a number that does not fit, the decoder does not tell the place.
        throw APIError.wrongType(name)
      }
    }
    model = try fields.decode(String.self, forKey: FieldName("model"))
    let image: ChatMessage.ImagePart?
    (conversation, image) = try Conversation.read(
      try fields.decode([ChatMessage].self, forKey: FieldName("messages")))
    imageAddress = image?.url

    for name in ["max_tokens", "max_completion_tokens"] {
      if let limit: Int = try value(name) {
        options.maximumTokens = try Self.checked(limit, in: 1...1_000_000, name)
      }
    }
    if let temperature: Double = try value("temperature") {
      options.sampling.temperature = Float(try Self.checked(temperature, in: 0...2, "temperature"))
    }
    if let topP: Double = try value("top_p") {
      options.sampling.topP = Float(try Self.checked(topP, in: 0...1, "top_p"))
    }
    if let seed: Int = try value("seed") {
      options.sampling.seed = UInt64(bitPattern: Int64(seed))
      options.selection.seed = options.sampling.seed
    }
    try readSelection(policy: value("policy"), budget: value("budget"), detail: image?.detail)
    stops = try value("stop", as: StopTexts.self)?.texts ?? []
    streams = try value("stream") ?? false
    includesUsage = try value("stream_options", as: StreamOptions.self)?.includesUsage ?? false
    wantsHeatmap = try value("heatmap") ?? false
    let top: Int? = try value("top_logprobs")
    if try value("logprobs") ?? false {
      topLogprobs = try Self.checked(top ?? 0, in: 0...5, "top_logprobs")
    } else if top != nil {
      throw APIError.invalid("top_logprobs", "'top_logprobs' needs 'logprobs' to be true.")
    }
  }

  /// - Parameter detail: 'low' is the low-resolution view alone, where no policy is named.
  private mutating func readSelection(
    policy: String?, budget: Double?, detail: ChatMessage.ImagePart.Detail?
  ) throws(APIError) {
    if let policy {
      guard let known = SelectionPolicy(rawValue: policy) else {
        let names = SelectionPolicy.allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalid("policy", "'policy' is none of \(names).")
      }
      options.selection.policy = known
    } else if detail == .low {
      options.selection.policy = .none
    }
    if let budget {
      guard options.selection.policy.defaultBudget != nil else {
        throw .invalid(
          "budget", "The policy '\(options.selection.policy.rawValue)' takes no 'budget'.")
      }
      options.selection.budget = try Self.checked(budget, in: 0...1, "budget")
    }
  }

  private static func checked<T: Comparable>(
    _ value: T, in range: ClosedRange<T>, _ name: String
  ) throws(APIError) -> T {
    guard range.contains(value) else {
      throw .invalid(name, "'\(name)' is not from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// What asks for nothing (one answer, no penalty, plain text) may be said.
  private static func refuseUnsupported(_ fields: Fields) throws {
    for key in fields.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
      let name = key.stringValue
      if known.contains(name) || notes.contains(name) { continue }
      if try fields.decodeNil(forKey: key) { continue }
      let asksForNothing =
        switch name {
        case "n": (try? fields.decode(Int.self, forKey: key)) == 1
        case "frequency_penalty", "presence_penalty":
          (try? fields.decode(Double.self, forKey: key)) == 0
        case "store", "parallel_tool_calls":
          (try? fields.decode(Bool.self, forKey: key)) == false
        case "logit_bias": (try? fields.decode([String: Double].self, forKey: key)) == [:]
        case "response_format":
          (try? fields.decode([String: String].self, forKey: key)) == ["type": "text"]
        default: false
        }
      if !asksForNothing { throw APIError.unsupported(String(name.prefix(64))) }
    }
  }
}

private struct StreamOptions: Decodable {
  private enum CodingKeys: String, CodingKey { case includesUsage = "include_usage" }

  let includesUsage: Bool?
}

/// One text, or a list of at most four.
private struct StopTexts: Decodable {
  let texts: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      texts = [text]
    } else {
      texts = try container.decode([String].self)
    }
    guard texts.count <= 4, texts.allSatisfy({ (1...256).contains($0.utf8.count) }) else {
      throw APIError.invalid("stop", "'stop' takes up to four texts of 1 to 256 bytes.")
    }
  }
}
