#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Gets the bytes that an `image_url` stands for.
package struct ImageAddress: Sendable {
  /// Gets the bytes at an `http` or `https` address, at most as many as given.
  package typealias Fetch =
    @Sendable (_ address: String, _ limit: Int) async throws(APIError)
    -> [UInt8]

  /// Folder below which `file://` may read; nil for none.
  private let mediaFolder: String?
  /// The largest image file, in bytes.
  private let limit: Int
  /// Nil where other machines are not asked for images.
  private let fetch: Fetch?

  package init(mediaFolder: String?, limit: Int, fetch: Fetch? = nil) {
    self.mediaFolder = mediaFolder
    self.limit = limit
    self.fetch = fetch
  }

  /// - Throws: ``APIError`` for an address that may not be read, or that holds no bytes.
  package func bytes(at address: String) async throws(APIError) -> [UInt8] {
    switch address.prefix(while: { $0 != ":" }).lowercased() {
    case "data": return try decoded(address)
    case "file": return try fileBytes(address)
    case "http", "https":
      guard let fetch else {
        throw .image(
          "Images are not fetched: the server was started without '--allow-remote-images'; send a "
            + "data URI.")
      }
      return try await fetch(address, limit)
    default:
      throw .image("An image's address is a data URI, such as 'data:image/png;base64,...'.")
    }
  }

  private func decoded(_ address: String) throws(APIError) -> [UInt8] {
    let parts = address.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased().hasSuffix(";base64"),
      let data = Data(base64Encoded: String(parts[1])), !data.isEmpty
    else { throw .image("The data URI holds no image in base64.") }
    try check(data.count)
    return Array(data)
  }

  /// Links are followed before the path is compared, so that none leads out of the folder. There is
  /// one answer for all that is not there: it must not tell which files there are outside.
  private func fileBytes(_ address: String) throws(APIError) -> [UInt8] {
    guard let mediaFolder else {
      throw .image("Files are not read: the server was started without '--media-path'.")
    }
    let missing = APIError.image("No image file below the server's media path has this address.")
    guard let url = URL(string: address), url.host ?? "" == "" || url.host == "localhost",
      case let path = url.path, !path.utf8.contains(0),
      case let file = URL(filePath: path).resolvingSymlinksInPath().path,
      case let root = URL(filePath: mediaFolder).resolvingSymlinksInPath().path,
      file.hasPrefix(root.hasSuffix("/") ? root : root + "/"),
      let attributes = try? FileManager.default.attributesOfItem(atPath: file),
      attributes[.type] as? FileAttributeType == .typeRegular
    else { throw missing }
    try check((attributes[.size] as? Int) ?? 0)
    guard let data = FileManager.default.contents(atPath: file) else { throw missing }
    try check(data.count)
    return Array(data)
  }

  private func check(_ count: Int) throws(APIError) {
    guard count <= limit else { throw .imageTooLarge(limit: limit) }
  }
}

extension APIError {
  /// - Parameter limit: in bytes.
  package static func imageTooLarge(limit: Int) -> APIError {
    APIError(
      413, "The image has more than \(limit >> 20) MiB; send a smaller copy.",
      parameter: "messages", code: "image_too_large")
  }
}
