internal import CKernels

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Tells whether two files or data sets are the same one.
package enum Fingerprint {
  /// The SHA-256 digest of bytes, as hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe fx_sha256(bytes, bytes.count, &digest)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// A digest of a model's files.
  static func ofModel(_ model: VisionLanguageModel) throws(EvaluationError) -> String {
    let first = try ofModel(path: model.path)
    guard let projector = model.projectorPath else { return first }
    return sha256(Array((first + (try ofModel(path: projector))).utf8))
  }

  /// A digest of a model file that takes milliseconds for any size: its length, the first MiB, where
  /// settings and tokenizer are, and 256 blocks of 4 KiB evenly spread over the rest. Another
  /// training or another quantisation of the same network changes every block; only a file edited
  /// by hand in a few places could pass for another.
  static func ofModel(path: String) throws(EvaluationError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw .unreadable(path: path, reason: JSONFile.reason(error))
    }
    let (head, block, blocks) = (1 << 20, 4096, 256)
    var bytes = Array("\(data.count)\n".utf8)
    guard data.count > head + block * blocks else { return sha256(bytes + data) }
    bytes += data[..<head]
    let step = (data.count - head - block) / (blocks - 1)
    for index in 0..<blocks {
      let start = head + index * step
      bytes += data[start..<start + block]
    }
    return sha256(bytes)
  }
}

extension BenchmarkData {
  /// A digest of all that the answers and their scores depend on, but for the pixels.
  var fingerprint: String {
    var bytes: [UInt8] = []
    for sample in samples {
      let name = sample.image.name.split(separator: "/").last.map(String.init) ?? ""
      for text in [sample.id.description, name, sample.prompt] + sample.options + sample.truths {
        bytes += text.utf8
        bytes.append(0)
      }
      bytes.append(1)
    }
    return Fingerprint.sha256(bytes)
  }
}
