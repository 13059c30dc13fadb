/// A fault as OpenAI's API tells it: an HTTP status and `{"error": {message, type, param, code}}`.
package struct APIError: Error, Equatable {
  /// HTTP status, 400 to 599.
  package let status: Int
  /// What is wrong and what to do next, in a sentence.
  package let message: String
  /// The field of the request that is at fault.
  package let parameter: String?
  package let code: String?
  /// Seconds after which a client may try again, for `Retry-After`.
  package let retryAfter: Int?

  package init(
    _ status: Int, _ message: String, parameter: String? = nil, code: String? = nil,
    retryAfter: Int? = nil
  ) {
    self.status = status
    self.message = message
    self.parameter = parameter
    self.code = code
    self.retryAfter = retryAfter
  }

  /// A field whose value cannot be used.
  static func invalid(_ parameter: String, _ message: String) -> APIError {
    APIError(400, message, parameter: parameter, code: "invalid_value")
  }

  static func wrongType(_ parameter: String) -> APIError {
    .invalid(parameter, "'\(parameter)' is not of the type that OpenAI's API gives it.")
  }

  /// A field that OpenAI's API has and this server has not.
  static func unsupported(_ parameter: String) -> APIError {
    APIError(
      400, "'\(parameter)' is not supported here; leave it out.", parameter: parameter,
      code: "unsupported_parameter")
  }

  /// An image that cannot be had.
  static func image(_ message: String, status: Int = 400) -> APIError {
    APIError(status, message, parameter: "messages", code: "invalid_image_url")
  }

  private var type: String {
    switch status {
    case 401, 403: "authentication_error"
    case 404: "not_found_error"
    case 429: "rate_limit_error"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }
}

extension APIError: Encodable {
  private enum Keys: String, CodingKey { case error, message, type, param, code }

  /// All four fields are there, null where there is nothing to say, as clients expect.
  package func encode(to encoder: any Encoder) throws {
    var whole = encoder.container(keyedBy: Keys.self)
    var error = whole.nestedContainer(keyedBy: Keys.self, forKey: .error)
    try error.encode(message, forKey: .message)
    try error.encode(type, forKey: .type)
    try error.encode(parameter, forKey: .param)
    try error.encode(code, forKey: .code)
  }
}
