extension Vocabulary {
  /// Reads the vocabulary of a model file, in llama.cpp's layout; faults go to the reader.
  ///
  /// - Parameter limit: tokens that have embeddings.
  init(from reader: inout MetadataReader, limit: Int) {
    let pieces = reader.strings("tokenizer.ggml.tokens")
    if pieces.count > limit {
      reader.fault("\(pieces.count) tokens, more than the \(limit) that have embeddings")
    }
    var kinds = reader.integers("tokenizer.ggml.token_type", count: pieces.count)
      .map { Kind(rawValue: $0) ?? .unused }
    if kinds.count != pieces.count { kinds = Array(repeating: .normal, count: pieces.count) }
    let last = max(pieces.count - 1, 0)
    let model = reader.string("tokenizer.ggml.model")
    let isByteLevel = model == "gpt2"
    if !isByteLevel, model != "llama" {
      reader.fault(
        "tokenizer.ggml.model is '\(model)', not 'llama' (SentencePiece BPE) or 'gpt2' (byte-level)"
      )
    }
    let hasBeginning = reader.boolean("tokenizer.ggml.add_bos_token", default: !isByteLevel)
    let identifiers = Self.identifiers(pieces, kinds, isByteLevel: isByteLevel)
    self.init(
      pieces: pieces, kinds: kinds, identifiers: identifiers,
      scheme: isByteLevel
        ? Self.byteLevel(identifiers, from: &reader)
        : .sentencePiece(
          scores: reader.numbers("tokenizer.ggml.scores", count: pieces.count).map(Float.init)),
      beginning: hasBeginning ? reader.integer("tokenizer.ggml.bos_token_id", in: 0...last) : nil,
      end: reader.integer("tokenizer.ggml.eos_token_id", in: 0...last),
      unknown: reader.integer("tokenizer.ggml.unknown_token_id", in: 0...last, default: 0),
      addsSpacePrefix: reader.boolean("tokenizer.ggml.add_space_prefix", default: !isByteLevel))
  }

  private static func byteLevel(
    _ identifiers: [ArraySlice<UInt8>: Int], from reader: inout MetadataReader
  ) -> Scheme {
    let pattern = reader.string("tokenizer.ggml.pre")
    if !["smollm", "gpt-2"].contains(pattern) {
      reader.fault("tokenizer.ggml.pre is '\(pattern)', where 'smollm' and 'gpt-2' are known")
    }
    let merges = reader.strings("tokenizer.ggml.merges")
    var ranks: [PiecePair: Int] = [:]
    ranks.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      guard let (bytes, middle) = ByteLevel.pair(merge),
        let left = identifiers[bytes[..<middle]], let right = identifiers[bytes[middle...]],
        identifiers[bytes[...]] != nil
      else {
        reader.fault(
          "tokenizer.ggml.merges \(rank), '\(merge)', does not join two tokens to a third")
        break
      }
      ranks[PiecePair(left: left, right: right)] = rank
    }
    return .byteLevel(ranks: ranks, WordSplitter(splitsDigits: pattern == "smollm"))
  }
}
