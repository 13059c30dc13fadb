/// Who may ask for what: paths, methods, the key, and whose pages may call.
package struct Gate: Sendable {
  /// What a request is for.
  package enum Route: String, Sendable, CaseIterable {
    case page = "/"
    case health = "/health"
    case metrics = "/metrics"
    case models = "/v1/models"
    case completions = "/v1/chat/completions"

    var method: String { self == .completions ? "POST" : "GET" }
    /// Health is asked by those who start servers; the page holds nothing and asks for the key.
    var isOpen: Bool { self == .page || self == .health }
  }

  /// What matters of a request's head.
  package struct Head: Sendable {
    package var method: String
    /// Without the query.
    package var path: String
    package var host: String?
    package var authorization: String?
    package var contentType: String?

    package init(
      method: String, path: String, host: String? = nil, authorization: String? = nil,
      contentType: String? = nil
    ) {
      self.method = method
      self.path = path
      self.host = host
      self.authorization = authorization
      self.contentType = contentType
    }
  }

  private let key: APIKey?
  /// Names that a request must call the server by; nil for any.
  private let hosts: Set<String>?
  /// Whose pages may call: an origin, or "*" for all.
  package let origin: String?

  /// - Parameters:
  ///   - host: the address that the server listens on.
  ///   - key: what clients must give; nil asks for none.
  package init(host: String, key: String?, origin: String? = nil) {
    self.key = key.map { APIKey($0) }
    self.origin = origin
    // Without a key, a page elsewhere could reach this machine under a name of its own.
    hosts = key == nil ? ["localhost", "127.0.0.1", "[::1]", host.lowercased()] : nil
  }

  /// - Returns: what is asked for; nil for a browser's question whether it may ask.
  /// - Throws: ``APIError``
  package func admit(_ head: Head) throws(APIError) -> Route? {
    if let hosts, !hosts.contains(Self.name(ofHost: head.host ?? "")) {
      throw APIError(
        403, "The server does not go by the name in 'Host'; call it by the one that it listens on.",
        code: "wrong_host")
    }
    guard let route = Route(rawValue: head.path) else {
      throw APIError(
        404, "There is nothing at this path; see '/v1/chat/completions'.", code: "unknown_url")
    }
    if head.method == "OPTIONS", origin != nil { return nil }
    guard head.method == route.method else {
      throw APIError(
        405, "'\(route.rawValue)' takes \(route.method) alone.", code: "method_not_allowed")
    }
    if !route.isOpen, let key, !key.admits(head.authorization) {
      throw APIError(
        401, "The API key is missing or wrong; send 'Authorization: Bearer KEY'.",
        code: "invalid_api_key")
    }
    // Pages elsewhere cannot send this type without asking first.
    let type = head.contentType?.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard route != .completions || type == "application/json" else {
      throw APIError(
        415, "Send JSON, with 'Content-Type: application/json'.", code: "unsupported_media_type")
    }
    return route
  }

  /// The name in a `Host` header, without the port.
  private static func name(ofHost host: String) -> String {
    let host = host.lowercased()
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return String(host.prefix { $0 != ":" })
  }
}
