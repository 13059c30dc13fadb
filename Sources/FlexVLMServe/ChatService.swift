internal import Dispatch
package import FlexVLM
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What the server does, whatever brings the requests: a request's bytes -> the reply's bytes.
///
///   JSON -> request -> its turn -> image, encoded once for all -> answer -> JSON, or events
package struct ChatService: Sendable {
  let model: VisionLanguageModel
  private let addresses: ImageAddress
  private let images: SizedCache<EncodedImage>
  private let queue: WorkQueue
  package let metrics = Metrics()

  /// - Parameters:
  ///   - model: answers with its own number of threads for each worker.
  ///   - workers: requests that are worked on at the same time.
  ///   - waiting: requests that may wait besides.
  ///   - imageMemory: bytes for images that were asked about.
  package init(
    model: VisionLanguageModel, addresses: ImageAddress, workers: Int, waiting: Int,
    imageMemory: Int
  ) {
    self.model = model
    self.addresses = addresses
    images = SizedCache(capacity: imageMemory)
    queue = WorkQueue(workers: workers, capacity: waiting)
  }

  package var name: String { model.configuration.name }

  /// The body of `GET /v1/models`.
  package func models() throws -> [UInt8] { try json(ModelList(data: [.init(id: name)])) }

  /// The body of `GET /metrics`.
  package func metricsText() async -> String {
    let (running, waiting) = await queue.counts
    return metrics.text(
      running: running, waiting: waiting, images: await images.state)
  }

  /// - Throws: ``APIError``
  package func read(_ body: [UInt8]) throws(APIError) -> ChatRequest {
    let request = try ChatRequest(json: body)
    guard request.model == name else {
      throw APIError(
        404,
        "There is no model '\(request.model.prefix(64).printableInLine)' here; ask for '\(name)'.",
        parameter: "model", code: "model_not_found")
    }
    if case .conversation = request.conversation.query,
      !PromptTemplate.isConversation(model.configuration.promptTemplate)
    {
      throw APIError(.noConversation)
    }
    return request
  }

  /// The body of a whole reply.
  ///
  /// - Throws: ``APIError``; `CancellationError` where the task is cancelled.
  package func reply(to request: ChatRequest) async throws -> [UInt8] {
    let text = Mutex("")
    let outcome = try await answer(request) { piece in text.withLock { $0 += piece } }
    var reply = ChatReply(request, model: name)
    reply.choices = [
      .init(
        message: .init(role: "assistant", content: text.withLock { $0 }),
        logprobs: outcome.logprobs, finishReason: outcome.finishReason)
    ]
    reply.usage = .init(outcome.answer)
    reply.flexvlm = outcome.report
    return try json(reply)
  }

  /// The events of a reply that is streamed; ending the iteration stops the generation. The first
  /// comes with the answer's first text, the last is `[DONE]`, or an error object where the answer
  /// broke off.
  ///
  /// - Parameter seconds: for all of them.
  /// - Throws (before the first event): ``APIError``
  package func events(
    for request: ChatRequest, within seconds: Int
  ) -> AsyncThrowingStream<[UInt8], any Error> {
    // The text is bounded by the model's context, so a slow client keeps no worker.
    AsyncThrowingStream { continuation in
      let hasStarted = Flag()
      let task = Task {
        do {
          try await within(seconds) {
            try await produce(request) {
              hasStarted.set()
              continuation.yield($0)
            }
          }
          continuation.finish()
        } catch let error as APIError where hasStarted.isSet {
          if let event = try? event(error) { continuation.yield(event) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func produce(
    _ request: ChatRequest, send: @escaping @Sendable ([UInt8]) -> Void
  ) async throws {
    let first = ChatReply(request, model: name)
    @Sendable func sendChunk(_ choice: ChatReply.Choice, report: LookReport? = nil) {
      var chunk = first
      chunk.choices = [choice]
      chunk.flexvlm = report
      // Texts and finite numbers can be encoded.
      if let event = try? event(chunk) { send(event) }
    }
    // Not before the first piece: until then a fault can be told with a status.
    let hasStarted = Flag()
    @Sendable func start() {
      if hasStarted.isSet { return }
      hasStarted.set()
      sendChunk(.init(delta: .init(role: "assistant", content: "")))
    }
    let outcome = try await answer(request) { piece in
      start()
      if !piece.isEmpty { sendChunk(.init(delta: .init(content: piece))) }
    }
    start()
    sendChunk(
      .init(delta: .init(), logprobs: outcome.logprobs, finishReason: outcome.finishReason),
      report: outcome.report)
    if request.includesUsage {
      var usage = first
      usage.usage = .init(outcome.answer)
      send(try event(usage))
    }
    send(Array("data: [DONE]\n\n".utf8))
  }
}

// MARK: - Answers

extension ChatService {
  private struct Outcome: Sendable {
    let answer: Answer
    let finishReason: String
    let logprobs: TokenProbabilities?
    let report: LookReport
  }

  private func answer(
    _ request: ChatRequest, onText: @escaping @Sendable (String) -> Void
  ) async throws -> Outcome {
    var bytes: [UInt8]?
    if let address = request.imageAddress { bytes = try await addresses.bytes(at: address) }
    let file = bytes
    let name = file.map(Fingerprint.sha256)
    return try await queue.run(using: name) {
      var image: EncodedImage?
      if let file, let name { image = try await encoded(file, name) }
      let filter = Mutex(StopFilter(request.stops))
      do {
        let answer = try await model.ask(
          request.conversation.query, about: image, options: request.options
        ) { piece in
          let (text, goesOn) = filter.withLock { ($0.append(piece), !$0.hasStopped) }
          onText(text)
          return goesOn
        }
        try Task.checkCancellation()
        onText(filter.withLock { $0.finish() })
        metrics.count(answer)
        return try await outcome(of: answer, to: request, about: file)
      } catch let error as InferenceError {
        throw APIError(error)
      }
    }
  }

  private func outcome(
    of answer: Answer, to request: ChatRequest, about file: [UInt8]?
  ) async throws -> Outcome {
    var report = LookReport(answer, layerCount: model.configuration.language.layerCount)
    if request.wantsHeatmap, let file {
      report.heatmap = try await heatmap(of: answer, to: request, about: file)
    }
    return Outcome(
      answer: answer, finishReason: answer.finishReason == .length ? "length" : "stop",
      logprobs: request.topLogprobs.map { TokenProbabilities(answer, top: $0, model: model) },
      report: report)
  }

  private func encoded(_ file: [UInt8], _ name: String) async throws -> EncodedImage {
    let size = model.configuration.encodedImageSize
    return try await images.value(for: name, size: size) {
      do {
        return try await model.encode(try await onItsOwnThread { try picture(file) })
      } catch let error as InferenceError {
        throw APIError(error)
      }
    }
  }

  private func picture(_ file: [UInt8]) throws(APIError) -> RGBImage {
    do {
      return try RGBImage(decoding: file, name: "image_url")
    } catch {
      throw .image("\(error).")
    }
  }

  /// A data URI; nil where no cell was seen.
  private func heatmap(
    of answer: Answer, to request: ChatRequest, about file: [UInt8]
  ) async throws -> String? {
    try await onItsOwnThread {
      let map = Heatmap(
        image: try picture(file), question: request.conversation.turns.last?.question ?? "",
        answer: answer, model: model.configuration, selection: request.options.selection)
      return map?.overview().encodedPNG().map {
        "data:image/png;base64," + Data($0).base64EncodedString()
      }
    }
  }
}

/// Work that would block a thread of the cooperative pool.
private func onItsOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}

extension ChatReply {
  fileprivate init(_ request: ChatRequest, model: String) {
    id = "chatcmpl-" + UUID().uuidString.filter { $0 != "-" }.lowercased()
    object = request.streams ? "chat.completion.chunk" : "chat.completion"
    created = Int(Date().timeIntervalSince1970)
    self.model = model
  }
}

/// A value as a server-sent event.
func event(_ value: some Encodable) throws -> [UInt8] {
  Array("data: ".utf8) + (try json(value)) + Array("\n\n".utf8)
}

/// The bytes of a value as JSON, without line feeds, names with underscores.
package func json(_ value: some Encodable) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return Array(try encoder.encode(value))
}

extension APIError {
  fileprivate init(_ error: InferenceError) {
    switch error {
    case .promptTooLong, .textTooLong:
      self.init(400, "\(error).", parameter: "messages", code: "context_length_exceeded")
    case .outOfMemory: self.init(503, "\(error).", code: "out_of_memory", retryAfter: 10)
    case .notANumber, .modelCutShort: self.init(500, "\(error).", code: "model_damaged")
    case .blankQuestion, .imagePlaces, .noConversation, .emptyOption, .invalidSetting:
      self = .invalid("messages", "\(error).")
    }
  }
}

extension ModelConfiguration {
  /// Bytes that an image takes at most once every crop and every key was needed, with a prompt and an
  /// answer of 512 tokens.
  fileprivate var encodedImageSize: Int {
    let positions = min(language.contextLength, vision.lowGrid * vision.lowGrid + 512)
    let cache = positions * 2 * language.keyValueWidth * language.layerCount
    let view = high?.size ?? vision.nativeSize
    let features = high.map { high in
      let layers = max(0, language.layerCount - high.firstSelectionLayer)
      return high.grid * high.grid * (language.width + 2 * language.keyValueWidth * layers)
    }
    return (cache + (features ?? 0)) * MemoryLayout<Float>.size + 3 * view * view
  }
}
