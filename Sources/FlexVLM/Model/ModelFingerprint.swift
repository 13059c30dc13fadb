extension VisionLanguageModel {
  /// A digest of the model's files; nil where one lost its end.
  var fingerprint: String? {
    guard mapped.allSatisfy(\.isWhole) else { return nil }
    let digests = mapped.map(\.fingerprint)
    return digests.count == 1 ? digests[0] : Fingerprint.sha256(Array(digests.joined().utf8))
  }
}

extension MappedFile {
  /// A digest that takes milliseconds for any size: of the length, the first MiB, where a model's
  /// settings and tokenizer are, and 256 blocks of 4 KiB evenly spread over the rest. Another
  /// training or another quantisation of the same network changes every block; only a file edited
  /// by hand in a few places could pass for another.
  var fingerprint: String {
    let (head, block, blocks) = (1 << 20, 4096, 256)
    var bytes = Array("\(count)\n".utf8)
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    guard count > head + block * blocks else { return unsafe Fingerprint.sha256(bytes + all) }
    unsafe bytes += all[..<head]
    let step = (count - head - block) / (blocks - 1)
    for index in 0..<blocks {
      let start = head + index * step
      unsafe bytes += all[start..<start + block]
    }
    return Fingerprint.sha256(bytes)
  }
}
