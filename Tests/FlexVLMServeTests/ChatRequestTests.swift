import FlexVLM
import Foundation
import Testing

@testable import FlexVLMServe

/// Bodies of `POST /v1/chat/completions`: what is understood, and what is refused in which words.
@Suite struct ChatRequestTests {
  /// A request with one more field or another value of one.
  private static func body(_ fields: String = "", messages: String? = nil) -> [UInt8] {
    let messages = messages ?? #"[{"role":"user","content":"q"}]"#
    return Array(
      #"{"model":"m","messages":\#(messages)\#(fields.isEmpty ? "" : "," + fields)}"#.utf8)
  }

  private static func request(_ change: (inout ChatRequest) -> Void = { _ in }) throws
    -> ChatRequest
  {
    var request = try ChatRequest(json: body())
    change(&request)
    return request
  }

  /// Fields of a request, and what they change.
  struct Change: Sendable {
    let fields: String
    let apply: @Sendable (inout ChatRequest) -> Void

    init(_ fields: String, _ apply: @escaping @Sendable (inout ChatRequest) -> Void) {
      (self.fields, self.apply) = (fields, apply)
    }
  }

  @Test("A question alone has the defaults of the command")
  func defaults() throws {
    let request = try Self.request()
    #expect(request.conversation.query == .question("q") && request.imageAddress == nil)
    #expect(request.options == GenerationOptions() && request.stops.isEmpty)
    #expect(!request.streams && !request.includesUsage && request.topLogprobs == nil)
  }

  @Test(
    "Fields set what OpenAI's API says",
    arguments: [
      Change(#""max_tokens":3"#) { $0.options.maximumTokens = 3 },
      Change(#""max_completion_tokens":4,"max_tokens":3"#) { $0.options.maximumTokens = 4 },
      Change(#""temperature":0.5,"top_p":0.25"#) {
        $0.options.sampling = SamplingOptions(temperature: 0.5, topP: 0.25)
      },
      Change(#""seed":7"#) { ($0.options.sampling.seed, $0.options.selection.seed) = (7, 7) },
      Change(#""stop":"x""#) { $0.stops = ["x"] },
      Change(#""stop":["x","y"]"#) { $0.stops = ["x", "y"] },
      Change(#""stream":true"#) { $0.streams = true },
      Change(#""stream":true,"stream_options":{"include_usage":true}"#) {
        ($0.streams, $0.includesUsage) = (true, true)
      },
      Change(#""logprobs":true"#) { $0.topLogprobs = 0 },
      Change(#""logprobs":true,"top_logprobs":5"#) { $0.topLogprobs = 5 },
      Change(#""policy":"none""#) { $0.options.selection.policy = .none },
      Change(#""policy":"tidal","budget":0.5"#) {
        ($0.options.selection.policy, $0.options.selection.budget) = (.tidal, 0.5)
      },
      Change(#""heatmap":true"#) { $0.wantsHeatmap = true },
      // What asks for nothing, and what says who asks.
      Change(#""n":1,"frequency_penalty":0,"presence_penalty":0.0,"store":false"#) { _ in },
      Change(#""response_format":{"type":"text"},"logit_bias":{},"tools":null"#) { _ in },
      Change(#""user":"me","metadata":{"a":"b"},"logprobs":false,"stop":null"#) { _ in },
    ])
  func fields(change: Change) throws {
    #expect(try ChatRequest(json: Self.body(change.fields)) == Self.request(change.apply))
  }

  @Test(
    "A field that is wrong or not supported is named",
    arguments: [
      (#""tools":[{}]"#, "tools"), (#""n":2"#, "n"),
      (#""frequency_penalty":1"#, "frequency_penalty"),
      (#""logit_bias":{"1":2}"#, "logit_bias"), (#""functions":[]"#, "functions"),
      (#""response_format":{"type":"json_object"}"#, "response_format"),
      (#""nonsense":1"#, "nonsense"),
      (#""max_tokens":0"#, "max_tokens"), (#""max_tokens":1.5"#, "max_tokens"),
      (#""max_tokens":"3""#, "max_tokens"),
      (#""max_completion_tokens":-1"#, "max_completion_tokens"),
      (#""temperature":2.1"#, "temperature"), (#""top_p":-0.1"#, "top_p"),
      (#""seed":1e30"#, "seed"),
      (#""stop":["a","b","c","d","e"]"#, "stop"), (#""stop":"""#, "stop"),
      (#""stop":[1]"#, "stop[0]"),
      (#""stream":1"#, "stream"), (#""top_logprobs":1"#, "top_logprobs"),
      (#""logprobs":true,"top_logprobs":6"#, "top_logprobs"), (#""policy":"best""#, "policy"),
      (#""budget":0.5"#, "budget"), (#""policy":"tidal","budget":2"#, "budget"),
    ])
  func refused(fields: String, name: String) {
    let error = #expect(throws: APIError.self) { try ChatRequest(json: Self.body(fields)) }
    #expect(error?.status == 400 && error?.parameter == name, "\(fields): \(error as Any)")
    #expect(error?.message.contains("'\(name)'") == true)
  }

  private static let image = #"{"type":"image_url","image_url":{"url":"data:,"}}"#

  @Test(
    "Messages become turns, with one image",
    arguments: [
      (
        #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"#,
        Conversation(turns: [.init(question: "a\nb")]), nil
      ),
      (
        #"[{"role":"user","content":[\#(image),{"type":"text","text":"a"}]}]"#,
        Conversation(turns: [.init(question: "a", hasImage: true)]), "data:,"
      ),
      (
        #"[{"role":"system","content":"s"},{"role":"user","content":"a"}]"#,
        Conversation(system: "s", turns: [.init(question: "a")]), nil
      ),
      (
        #"[{"role":"developer","content":[{"type":"text","text":"s"}]},{"role":"user","content":"a"},"#
          + #"{"role":"assistant","content":"b"},{"role":"user","content":[\#(image)]}]"#,
        Conversation(
          system: "s",
          turns: [.init(question: "a", answer: "b"), .init(question: "", hasImage: true)]), "data:,"
      ),
    ] as [(String, Conversation, String?)])
  func messages(messages: String, conversation: Conversation, address: String?) throws {
    let request = try ChatRequest(json: Self.body(messages: messages))
    #expect(request.conversation == conversation && request.imageAddress == address)
  }

  @Test(
    "Messages that make no conversation are refused",
    arguments: [
      "[]", "{}", "null", #"[{"role":"user"}]"#, #"[{"role":"user","content":null}]"#,
      #"[{"role":"user","content":[{"type":"input_audio"}]}]"#,
      #"[{"role":"user","content":[{"type":"image_url","image_url":"data:,"}]}]"#,
      #"[{"role":"user","content":[\#(image),\#(image)]}]"#,
      #"[{"role":"tool","content":"a"}]"#, #"[{"role":"assistant","content":"a"}]"#,
      #"[{"role":"user","content":"a"},{"role":"user","content":"b"}]"#,
      #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#,
      #"[{"role":"user","content":"a"},{"role":"system","content":"b"}]"#,
      #"[{"role":"system","content":[\#(image)]},{"role":"user","content":"a"}]"#,
      #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,","detail":"x"}}]}]"#,
    ])
  func badMessages(messages: String) {
    let error = #expect(throws: APIError.self) {
      try ChatRequest(json: Self.body(messages: messages))
    }
    #expect(error?.status == 400 && error?.parameter?.hasPrefix("messages") == true)
  }

  @Test(
    "'detail' says which views are looked at, unless a policy does",
    arguments: [
      ("auto", "", SelectionPolicy.flex), ("high", "", .flex), ("low", "", .none),
      ("low", #""policy":"all""#, .all),
    ])
  func detail(detail: String, fields: String, policy: SelectionPolicy) throws {
    let image = #"{"type":"image_url","image_url":{"url":"data:,","detail":"\#(detail)"}}"#
    let request = try ChatRequest(
      json: Self.body(fields, messages: #"[{"role":"user","content":[\#(image)]}]"#))
    #expect(request.options.selection.policy == policy)
  }

  @Test(
    "What is no JSON object is told so",
    arguments: [
      "", "{", "[]", "1", "null", "{\"model\":", "\u{0}", String(repeating: "[", count: 100_000),
      String(repeating: #"{"a":"#, count: 100_000),
    ])
  func noJSON(text: String) {
    let error = #expect(throws: APIError.self) { try ChatRequest(json: Array(text.utf8)) }
    #expect(error?.status == 400)
  }

  @Test("What is missing is named")
  func missing() {
    let error = #expect(throws: APIError.self) { try ChatRequest(json: Array("{}".utf8)) }
    #expect(error?.parameter == "model" && error?.message == "'model' is missing.")
  }

  @Test("Errors have all four fields of OpenAI's")
  func errorObject() throws {
    #expect(
      String(decoding: try json(APIError.unsupported("tools")), as: UTF8.self)
        == #"{"error":{"code":"unsupported_parameter","message":"'tools' is not supported here; leave "#
        + #"it out.","param":"tools","type":"invalid_request_error"}}"#)
    #expect(
      String(decoding: try json(APIError(429, "m", retryAfter: 1)), as: UTF8.self)
        == #"{"error":{"code":null,"message":"m","param":null,"type":"rate_limit_error"}}"#)
  }
}
