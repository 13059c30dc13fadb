import Testing

@testable import FlexVLMServe

/// Who may ask for what.
@Suite struct GateTests {
  private static func head(
    _ method: String = "POST", _ path: String = "/v1/chat/completions", host: String? = "localhost",
    key: String? = nil, type: String? = "application/json"
  ) -> Gate.Head {
    Gate.Head(method: method, path: path, host: host, authorization: key, contentType: type)
  }

  private static func status(_ gate: Gate, _ head: Gate.Head) -> Int {
    do throws(APIError) {
      _ = try gate.admit(head)
      return 200
    } catch {
      return error.status
    }
  }

  private static let open = Gate(host: "127.0.0.1", key: nil)
  private static let locked = Gate(host: "0.0.0.0", key: "k", origin: "https://a.example")

  @Test(
    "Paths, methods and types",
    arguments: [
      (head(), 200), (head(type: "application/json; charset=utf-8"), 200), (head(type: nil), 415),
      (head(type: "text/plain"), 415), (head("GET"), 405), (head("GET", "/"), 200),
      (head("GET", "/health"), 200), (head("GET", "/metrics"), 200),
      (head("GET", "/v1/models"), 200),
      (head("DELETE", "/v1/models"), 405), (head("GET", "/v1/models/"), 404),
      (head("GET", "/../etc/passwd"), 404), (head("GET", ""), 404), (head("OPTIONS"), 405),
    ])
  func routes(head: Gate.Head, status: Int) { #expect(Self.status(Self.open, head) == status) }

  @Test(
    "Without a key the server goes by this machine's own names alone",
    arguments: [
      ("localhost:8080", 200), ("LOCALHOST", 200), ("127.0.0.1:1", 200), ("[::1]:8080", 200),
      ("evil.example", 403), ("localhost.evil.example:8080", 403), ("", 403), (nil, 403),
      ("[::1", 403),
    ] as [(String?, Int)])
  func hosts(host: String?, status: Int) {
    #expect(Self.status(Self.open, Self.head(host: host)) == status)
  }

  @Test(
    "With a key all but health and the page ask for it, under any name",
    arguments: [
      (head(host: "any"), 401), (head(key: "Bearer k"), 200), (head(key: "bearer k"), 200),
      (head(key: "k"), 401), (head(key: "Bearer K"), 401), (head(key: "Bearer k "), 401),
      (head(key: "Bearer "), 401), (head("GET", "/metrics"), 401), (head("GET", "/v1/models"), 401),
      (head("GET", "/", host: nil), 200), (head("GET", "/health", host: nil), 200),
      (head("OPTIONS"), 200),
    ])
  func keys(head: Gate.Head, status: Int) { #expect(Self.status(Self.locked, head) == status) }
}
