#if Serve
  internal import FlexVLMServe
  internal import HTTPTypes

  /// The page at `/`, which is one file and asks nobody but the server.
  enum Page {
    static let reply = Reply(
      pageBytes, type: "text/html; charset=utf-8",
      headers: [
        .contentSecurityPolicy:
          "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
          + "img-src data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'",
        HTTPField.Name("Referrer-Policy")!: "no-referrer",
      ])
  }
#endif
