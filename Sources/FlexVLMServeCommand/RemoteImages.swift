#if Serve
  internal import CFetch
  internal import Dispatch
  internal import FlexVLMServe

  /// Images that are fetched from machines of the public internet.
  enum RemoteImages {
    /// Seconds for one image, redirections among them.
    private static let timeout = 20

    /// - Parameter limit: of the file, in bytes.
    static func bytes(at address: String, limit: Int) async throws(APIError) -> [UInt8] {
      guard address.utf8.count <= 4096, !address.utf8.contains(0) else {
        throw refused("The image's address is no address of HTTP.")
      }
      // Fetching would block a thread of the cooperative pool.
      let result: Result<[UInt8], APIError> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(
            returning: Result { () throws(APIError) in try fetched(address, limit: limit) })
        }
      }
      return try result.get()
    }

    private static func fetched(_ address: String, limit: Int) throws(APIError) -> [UInt8] {
      var result = unsafe fetch_result()
      let outcome = unsafe fetch(
        address, limit, timeout,
        { address, count in
          guard let address = unsafe address else { return false }
          return unsafe AddressRules.isPublic(
            Array(UnsafeBufferPointer(start: address, count: count)))
        }, &result)
      defer { unsafe fetch_free(&result) }
      switch outcome {
      case FETCHED:
        return unsafe Array(UnsafeBufferPointer(start: result.bytes, count: result.count))
      case FETCH_TOO_LARGE: throw .imageTooLarge(limit: limit)
      case FETCH_STATUS:
        let status = unsafe result.status
        throw refused("The image's address answered \(status) in place of 200.")
      case FETCH_BAD_ADDRESS: throw refused("The image's address is no address of HTTP.")
      case FETCH_REFUSED:
        throw refused("The image's address leads to a machine that is not on the public internet.")
      case FETCH_OUT_OF_MEMORY:
        throw APIError(503, "No memory is left for the image; try again later.", retryAfter: 10)
      default:
        throw refused("The image could not be fetched within \(timeout) s.")
      }
    }

    private static func refused(_ message: String) -> APIError {
      APIError(400, message, parameter: "messages", code: "invalid_image_url")
    }
  }
#endif
