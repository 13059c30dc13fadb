#if Serve
  internal import FlexVLMServe
  internal import HTTPTypes
  internal import NIOCore

  /// A response whose body is there.
  struct Reply {
    let status: Int
    var type = "application/json"
    let body: [UInt8]
    private var headers: HTTPFields = [:]
    /// Whether the connection ends with it, since the request was not read to its end, or cannot be.
    var closes = false

    init(_ body: [UInt8], type: String = "application/json", headers: HTTPFields = [:]) {
      status = 200
      self.type = type
      self.body = body
      self.headers = headers
    }

    /// A browser's question is answered by headers alone.
    static let preflight = Reply(
      [],
      headers: [
        .accessControlAllowMethods: "GET, POST",
        .accessControlAllowHeaders: "authorization, content-type",
      ])

    init(_ error: APIError) {
      status = error.status
      body = (try? json(error)) ?? []
      if let seconds = error.retryAfter { headers[.retryAfter] = "\(seconds)" }
      closes = true
    }

    var buffer: ByteBuffer { ByteBuffer(bytes: body) }

    /// - Parameter origin: whose pages may read the response.
    func head(origin: String?) -> HTTPResponse {
      var fields = headers
      fields[.contentType] = type
      fields[.contentLength] = "\(body.count)"
      return Self.head(HTTPResponse.Status(code: status), fields, closes: closes, origin: origin)
    }

    /// The head of a body that is sent event by event, as long as it takes.
    static func eventsHead(origin: String?) -> HTTPResponse {
      head(
        .ok, [.contentType: "text/event-stream", .cacheControl: "no-cache"], closes: true,
        origin: origin)
    }

    private static func head(
      _ status: HTTPResponse.Status, _ fields: HTTPFields, closes: Bool, origin: String?
    ) -> HTTPResponse {
      var fields = fields
      fields[.server] = "flexvlm"
      fields[.xContentTypeOptions] = "nosniff"
      if closes { fields[.connection] = "close" }
      if let origin {
        fields[.accessControlAllowOrigin] = origin
        if origin != "*" { fields[.vary] = "Origin" }
      }
      return HTTPResponse(status: status, headerFields: fields)
    }
  }
#endif
