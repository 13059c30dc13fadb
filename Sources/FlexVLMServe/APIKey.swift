internal import FlexVLM

/// The key that clients must give, compared in a time that does not tell how much of it is right.
package struct APIKey: Sendable {
  private let digest: [UInt8]

  package init(_ key: String) { digest = Self.digest(key) }

  /// - Parameter authorization: the header, `Bearer KEY`.
  package func admits(_ authorization: String?) -> Bool {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    let given = Self.digest(String(authorization.dropFirst(7)))
    return zip(digest, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Digests are equally long, so not even the length is told.
  private static func digest(_ key: String) -> [UInt8] {
    Array(Fingerprint.sha256(Array(key.utf8)).utf8)
  }
}
