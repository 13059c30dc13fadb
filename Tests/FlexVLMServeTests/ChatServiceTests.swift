import FlexVLM
import Foundation
import Synchronization
import Testing

@testable import FlexVLMServe

/// Whole replies and streams of the small model of fixed random weights, whose answers are long.
@Suite struct ChatServiceTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../FlexVLMTests/Fixtures/parity/tiny-a").standardized
  private static let template = "A chat. USER: <image>\n{question} ASSISTANT:"

  private static func model() throws -> VisionLanguageModel {
    try VisionLanguageModel(
      contentsOfFile: fixtures.appending(path: "model.gguf").path, threads: 1,
      promptTemplate: template)
  }

  private static func service(
    workers: Int = 1, waiting: Int = 8, template: String = template
  ) throws -> ChatService {
    ChatService(
      model: try VisionLanguageModel(
        contentsOfFile: fixtures.appending(path: "model.gguf").path, threads: 1,
        promptTemplate: template),
      addresses: ImageAddress(mediaFolder: fixtures.path, limit: 1 << 20), workers: workers,
      waiting: waiting, imageMemory: 1 << 30)
  }

  private static func request(
    _ fields: [String: Any] = [:], question: String = "why?", name: String
  ) throws -> [UInt8] {
    let image = ["url": fixtures.appending(path: "image.png").absoluteString]
    let content: [[String: Any]] = [
      ["type": "image_url", "image_url": image], ["type": "text", "text": question],
    ]
    let body: [String: Any] = [
      "model": name, "messages": [["role": "user", "content": content]], "max_tokens": 8,
    ]
    return Array(try JSONSerialization.data(withJSONObject: body.merging(fields) { $1 }))
  }

  private static func object(_ json: some Sequence<UInt8>) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
  }

  /// What the library answers.
  private static func answer(tokens: Int = 8) throws -> Answer {
    let model = try model()
    let image = try model.encode(
      RGBImage(contentsOfFile: fixtures.appending(path: "image.png").path))
    return try model.ask(
      .question("why?"), about: image, options: GenerationOptions(maximumTokens: tokens))
  }

  @Test("A reply is what the library answers, with usage, cells and times")
  func reply() async throws {
    let service = try Self.service()
    let request = try service.read(
      Self.request(["logprobs": true, "top_logprobs": 2, "heatmap": true], name: service.name))
    let reply = try Self.object(try await service.reply(to: request))
    let answer = try Self.answer()
    let choice = try #require((reply["choices"] as? [[String: Any]])?.first)
    #expect((choice["message"] as? [String: String])?["content"] == answer.text)
    #expect(choice["finish_reason"] as? String == "length")
    let usage = try #require(reply["usage"] as? [String: Int])
    #expect(usage["prompt_tokens"] == answer.statistics.promptPositions)
    #expect(usage["completion_tokens"] == 8)
    let tokens = try #require(
      (choice["logprobs"] as? [String: Any])?["content"] as? [[String: Any]])
    #expect(tokens.count == 8)
    for (token, step) in zip(tokens, answer.steps) {
      let top = try #require(token["top_logprobs"] as? [[String: Any]])
      // Greedy: the token taken is the likeliest one.
      #expect(top.count == 2 && top[0]["token"] as? String == token["token"] as? String)
      #expect(abs((token["logprob"] as! Double) + Double(step.loss)) < 1e-5)
      #expect(abs((top[0]["logprob"] as! Double) - (token["logprob"] as! Double)) < 1e-5)
      #expect((top[1]["logprob"] as! Double) <= (top[0]["logprob"] as! Double))
    }
    let report = try #require(reply["flexvlm"] as? [String: Any])
    let grid = try #require(report["cell_grid"] as? Int)
    #expect(grid > 0 && (report["cells"] as? [Int])?.count == grid * grid)
    #expect((report["heatmap"] as? String)?.hasPrefix("data:image/png;base64,iVBOR") == true)
  }

  @Test("Events spell the same answer, between a role and [DONE]")
  func events() async throws {
    let service = try Self.service()
    let request = try service.read(
      Self.request(
        ["stream": true, "stream_options": ["include_usage": true]], name: service.name))
    var events: [String] = []
    for try await event in service.events(for: request, within: 60) {
      let text = String(decoding: event, as: UTF8.self)
      #expect(text.hasPrefix("data: ") && text.hasSuffix("\n\n") && text.count { $0 == "\n" } == 2)
      events.append(String(text.dropFirst(6).dropLast(2)))
    }
    #expect(events.last == "[DONE]")
    let chunks = try events.dropLast().map { try Self.object(Array($0.utf8)) }
    #expect(Set(chunks.map { $0["id"] as? String }).count == 1)
    let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
    let text = try Self.answer().text
    let deltas = choices.compactMap { $0["delta"] as? [String: String] }
    #expect(deltas.first == ["role": "assistant", "content": ""] && deltas.last == [:])
    #expect(deltas.compactMap { $0["content"] }.joined() == text)
    #expect(choices.last?["finish_reason"] as? String == "length")
    #expect((chunks.last?["usage"] as? [String: Int])?["completion_tokens"] == 8)
  }

  @Test("A stop text ends the answer before it")
  func stop() async throws {
    let text = try Self.answer().text
    let stop = String(text.suffix(3))
    let service = try Self.service()
    let request = try service.read(Self.request(["stop": stop], name: service.name))
    let reply = try Self.object(try await service.reply(to: request))
    let choice = try #require((reply["choices"] as? [[String: Any]])?.first)
    let content = try #require((choice["message"] as? [String: String])?["content"])
    #expect(content == text[..<text.firstRange(of: stop)!.lowerBound])
    #expect(choice["finish_reason"] as? String == "stop")
  }

  @Test("An image is encoded once for all who ask about it, whatever they ask")
  func sharing() async throws {
    let service = try Self.service(workers: 2)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<6 {
        group.addTask {
          let body = try Self.request(question: "q\(index % 3)?", name: service.name)
          _ = try await service.reply(to: service.read(body))
        }
      }
      try await group.waitForAll()
    }
    let metrics = await service.metricsText()
    #expect(metrics.contains("flexvlm_image_requests_total{cache=\"hit\"} 5\n"))
    #expect(metrics.contains("flexvlm_image_requests_total{cache=\"miss\"} 1\n"))
    #expect(metrics.contains("flexvlm_completion_tokens_total 48\n"))
    #expect(metrics.contains("flexvlm_requests_running 0\n"))
  }

  @Test("Ending the iteration, or the task, stops the generation and frees the worker")
  func leaving() async throws {
    let service = try Self.service()
    var body = try Self.request(["max_tokens": 1_000_000, "stream": true], name: service.name)
    let request = try service.read(body)
    var count = 0
    for try await _ in service.events(for: request, within: 60) {
      count += 1
      if count == 3 { break }
    }
    let task = Task { [body] in try await service.reply(to: service.read(body)) }
    try await Task.sleep(for: .milliseconds(20))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // The one worker is free again.
    body = try Self.request(name: service.name)
    _ = try await service.reply(to: service.read(body))
  }

  @Test(
    "What cannot be answered is told with a status",
    arguments: [
      (#"{"model":"other"}"#, 404, "model_not_found"),
      (#"{"messages":[{"role":"user","content":" "}]}"#, 400, "invalid_value"),
      (
        #"{"messages":[{"role":"user","content":"\#(String(repeating: "a b ", count: 3000))"}]}"#,
        400,
        "context_length_exceeded"
      ),
    ])
  func faults(fields: String, status: Int, code: String) async throws {
    let service = try Self.service()
    let body = try Self.request(Self.object(fields.utf8), name: service.name)
    let error = await #expect(throws: APIError.self) {
      _ = try await service.reply(to: service.read(body))
    }
    #expect(error?.status == status && error?.code == code)
    // A stream says so before its first event.
    guard status == 400 else { return }
    let late = await #expect(throws: APIError.self) {
      for try await _ in try service.events(for: service.read(body), within: 60) {}
    }
    #expect(late == error)
  }

  @Test("Turns and system messages go to models that know a conversation alone")
  func turns() async throws {
    let turns: [[String: Any]] = [
      ["role": "system", "content": "s"], ["role": "user", "content": "a"],
      ["role": "assistant", "content": "b"], ["role": "user", "content": "c"],
    ]
    let service = try Self.service()
    let body = try Self.request(["messages": turns], name: service.name)
    _ = try await service.reply(to: service.read(body))
    let plain = try Self.service(template: "<image>{question}")
    let error = #expect(throws: APIError.self) { try plain.read(body) }
    #expect(error?.status == 400 && error?.message.contains("single questions") == true)
  }

  @Test("Metrics are Prometheus' text")
  func metrics() async throws {
    let service = try Self.service()
    service.metrics.count(path: "/health", status: 200)
    service.metrics.count(path: "/v1/chat/completions", status: 200, seconds: 0.3)
    service.metrics.count(path: "/v1/chat/completions", status: 200, seconds: 1000)
    let lines = await service.metricsText().split(separator: "\n")
    for line in lines where !line.hasPrefix("#") {
      #expect(
        line.wholeMatch(of: /flexvlm_[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+/)
          != nil)
    }
    for line in [
      "flexvlm_requests_total{path=\"/health\",status=\"200\"} 1",
      "flexvlm_completion_seconds_bucket{le=\"0.25\"} 0",
      "flexvlm_completion_seconds_bucket{le=\"0.5\"} 1",
      "flexvlm_completion_seconds_bucket{le=\"+Inf\"} 2", "flexvlm_completion_seconds_count 2",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }
}
