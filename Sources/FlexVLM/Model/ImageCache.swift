#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A folder that keeps what models made of images: features, keys and values. A later question about
/// an image then runs no more than what is new, in another process too.
///
/// A file's name is the SHA-256 digest of all that it depends on: the pixels, the model with its
/// settings of preprocessing, and what products are computed in. Files may be deleted at any time.
public struct ImageCache: Sendable {
  /// Bytes that a folder may hold.
  public static let defaultLimit = 8 << 30

  private static let suffix = ".flexvlm-image"
  private let folder: URL
  private let limit: Int

  /// Makes the folder if it is not there.
  /// - Throws: ``CacheError``
  public init(folder: String, limit: Int = ImageCache.defaultLimit) throws(CacheError) {
    self.folder = URL(filePath: folder, directoryHint: .isDirectory)
    self.limit = limit
    do {
      try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    } catch {
      throw CacheError(path: folder, reason: "not a folder that can be made or written to")
    }
  }

  /// The file for an image, whether it exists or not; nil where the model's own file lost its end.
  func path(for image: RGBImage, _ model: VisionLanguageModel) -> String? {
    guard let weights = model.fingerprint else { return nil }
    let pixels = Fingerprint.sha256(image.pixels)
    // Who made the model changes nothing, and a dictionary has another order in every process.
    var settings = model.configuration
    settings.about = [:]
    let key = [
      "1", weights, model.precision.arithmetic, "\(settings)",
      "\(image.width) x \(image.height)", pixels,
    ]
    let digest = Fingerprint.sha256(Array(key.joined(separator: "\n").utf8))
    return folder.appending(path: digest + Self.suffix).path
  }

  /// Marks a file as just used.
  func touch(_ path: String) {
    try? FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: path)
  }

  /// Deletes the files that were longest not used until the others are within the limit, and what
  /// processes that were killed left behind.
  func prune() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let files = names.filter { $0.contains(Self.suffix) }.compactMap { name in
      file(named: name)
    }.sorted { $0.used > $1.used }
    var total = 0
    for file in files {
      total += file.size
      let isAbandoned = file.isPartial && file.used < Date.now - 3600
      if isAbandoned || total > limit {
        try? FileManager.default.removeItem(at: file.url)
        total -= file.size
      }
    }
  }

  private func file(
    named name: String
  ) -> (url: URL, size: Int, used: Date, isPartial: Bool)? {
    let url = folder.appending(path: name)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
      let size = attributes[.size] as? Int, let used = attributes[.modificationDate] as? Date
    else { return nil }
    return (url, size, used, !name.hasSuffix(Self.suffix))
  }
}

/// One image's place in a cache.
struct KeptImage {
  let cache: ImageCache
  let path: String

  /// - Returns: nil where nothing is kept, or something that is damaged.
  func read() -> CacheRecord? {
    guard let record = try? CacheRecord(contentsOfFile: path) else { return nil }
    cache.touch(path)
    return record
  }

  /// - Throws: ``CacheError``
  func write(_ record: CacheRecord) throws(CacheError) {
    do {
      try record.write(to: path)
    } catch .cannotWrite(let path, let reason) {
      throw CacheError(path: path, reason: reason)
    } catch {
      throw CacheError(path: path, reason: "\(error)")
    }
    cache.prune()
  }
}

/// Why a cache cannot be used.
public struct CacheError: Error, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public var description: String { "cannot keep images in '\(path)': \(reason)" }
}
