#if Serve
  internal import FlexVLM
  internal import FlexVLMServe
  internal import HTTPTypes
  internal import HummingbirdCore
  internal import NIOCore

  /// HTTP in front of ``ChatService``: limits of bodies and time, events, and clients that go away.
  struct Responder: Sendable {
    /// Seconds in which a body must be there.
    private static let bodyTimeout = 60
    /// Bodies that are being read or worked on take so many times the limit of one, together.
    private static let bodiesAtOnce = 16

    private let service: ChatService
    private let gate: Gate
    private let bodyLimit: Int
    private let timeout: Int
    private let isVerbose: Bool
    private let memory: MemoryBudget

    init(service: ChatService, settings: ServerSettings) {
      self.service = service
      gate = Gate(host: settings.host, key: settings.apiKey, origin: settings.origin)
      bodyLimit = settings.bodyLimit << 20
      timeout = settings.timeout
      isVerbose = settings.isVerbose
      memory = MemoryBudget(limit: Self.bodiesAtOnce * bodyLimit)
    }

    func respond(to request: Request, writer: consuming ResponseWriter) async throws {
      let start = ContinuousClock.now
      let route: Gate.Route?
      do {
        route = try gate.admit(Gate.Head(request))
      } catch {
        await drain(request.body)
        count(request, nil, error.status, since: start)
        return try await send(Reply(error), writer)
      }
      if route == .completions { return try await complete(request, writer, since: start) }
      let reply: Reply
      switch route {
      case .page: reply = Page.reply
      case .health: reply = Reply(Array(#"{"status":"ok"}"#.utf8))
      case .metrics:
        reply = Reply(
          Array(await service.metricsText().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
      case .models: reply = Reply(try service.models())
      case .completions, nil: reply = .preflight
      }
      count(request, route, reply.status, since: start)
      try await send(reply, writer)
    }

    /// The connection ends with each completion: watching for a client that goes away takes its input.
    private func complete(
      _ request: Request, _ writer: consuming ResponseWriter, since start: ContinuousClock.Instant
    ) async throws {
      var writer: ResponseWriter? = consume writer
      var status = 499  // nginx's code for a client that went away
      defer { count(request, .completions, status, since: start) }
      let size = request.headers[.contentLength].flatMap { Int($0) } ?? bodyLimit
      var isUnread = true
      try await request.body.consumeWithCancellationOnInboundClose { body in
        do {
          try await memory.reserving(min(size, bodyLimit)) {
            guard size <= bodyLimit else { throw tooLarge }
            isUnread = false
            let chat = try await read(body)
            if chat.streams {
              try await stream(chat, &writer, &status)
            } else {
              var reply = Reply(try await within(timeout) { try await service.reply(to: chat) })
              reply.closes = true
              status = reply.status
              try await send(reply, writer.take()!)
            }
          }
        } catch let error as APIError where writer != nil {
          status = error.status
          if isUnread { await drain(body) }
          try await send(Reply(error), writer.take()!)
        }
      }
    }

    private func read(_ body: RequestBody) async throws -> ChatRequest {
      try await within(Self.bodyTimeout) {
        var bytes: [UInt8] = []
        var count = 0
        for try await part in body where count <= drainLimit {
          count += part.readableBytes
          if count <= bodyLimit { bytes += part.readableBytesView } else { bytes = [] }
        }
        guard count <= bodyLimit else { throw tooLarge }
        return try service.read(bytes)
      }
    }

    private func stream(
      _ chat: ChatRequest, _ writer: inout ResponseWriter?, _ status: inout Int
    ) async throws {
      // Cancels the events, and with them the answer.
      let events = service.events(for: chat, within: timeout)
      var iterator = events.makeAsyncIterator()
      guard let first = try await iterator.next() else { throw CancellationError() }
      status = 200
      var output = try await writer.take()!.writeHead(Reply.eventsHead(origin: gate.origin))
      try await output.write(ByteBuffer(bytes: first))
      while let event = try await iterator.next() {
        try await output.write(ByteBuffer(bytes: event))
      }
      try Task.checkCancellation()
      try await output.finish(nil)
    }

    /// Reads on what is refused, within limits: most clients read no answer before all is sent.
    private func drain(_ body: RequestBody) async {
      _ = try? await within(Self.bodyTimeout) {
        var count = 0
        for try await part in body {
          count += part.readableBytes
          if count > drainLimit { return }
        }
      }
    }

    private var drainLimit: Int { 4 * bodyLimit }

    private func send(_ reply: Reply, _ writer: consuming ResponseWriter) async throws {
      try await writer.write(
        response: reply.head(origin: gate.origin), body: ResponseBody(byteBuffer: reply.buffer))
    }

    private var tooLarge: APIError {
      APIError(413, "The body has more than \(bodyLimit >> 20) MiB.", code: "request_too_large")
    }

    private func count(
      _ request: Request, _ route: Gate.Route?, _ status: Int, since start: ContinuousClock.Instant
    ) {
      let seconds = (.now - start) / .seconds(1)
      service.metrics.count(
        path: route?.rawValue ?? "other", status: status,
        seconds: route == .completions ? seconds : nil)
      guard isVerbose else { return }
      let milliseconds = Int(seconds * 1000)
      let (method, path) = (request.method.rawValue.prefix(16), request.uri.path.prefix(80))
      note("\(method.printableInLine) \(path.printableInLine) \(status) \(milliseconds) ms")
    }
  }

  extension Gate.Head {
    fileprivate init(_ request: Request) {
      self.init(
        method: request.method.rawValue, path: request.uri.path, host: request.head.authority,
        authorization: request.headers[.authorization], contentType: request.headers[.contentType])
    }
  }
#endif
