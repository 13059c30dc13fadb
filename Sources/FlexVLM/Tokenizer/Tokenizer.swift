/// Byte-pair encoding: SentencePiece's as LLaMA uses it (Kudo and Richardson, arXiv 1808.06226), with
/// merges by score and unknown characters as bytes, or GPT-2's on the bytes of words.
struct Tokenizer: Sendable {
  /// Stands for the image in a sequence of token ids, as in the official code.
  static let imageMarker = -200
  /// Where the image goes in a prompt's text.
  static let imagePlace = "<image>"

  let vocabulary: Vocabulary

  /// Ids of a prompt in turns of parts: the beginning-of-sequence token if the model has one, then
  /// each part encoded on its own (with its own space prefix), ``imageMarker`` between them and the
  /// end-of-sequence token between turns.
  func encode(turns: [[String]]) -> [Int] {
    (vocabulary.beginning.map { [$0] } ?? [])
      + turns.map { $0.map { encode($0) }.joined(separator: [Self.imageMarker]) }
      .joined(separator: [vocabulary.end])
  }

  /// The parts of a prompt around `<image>`.
  static func parts(of prompt: String) -> [String] {
    prompt.unicodeScalars.split(
      separator: imagePlace.unicodeScalars, omittingEmptySubsequences: false
    ).map { String($0) }
  }

  /// Ids of a text, without special tokens.
  func encode(_ text: String) -> [Int] {
    if text.isEmpty { return [] }
    if case .byteLevel(_, let splitter) = vocabulary.scheme { return encode(text, splitter) }
    let space = vocabulary.space
    var bytes = vocabulary.addsSpacePrefix ? Array(space) : []
    for byte in text.utf8 {
      if byte == UInt8(ascii: " ") { bytes += space } else { bytes.append(byte) }
    }
    return merge(bytes)
  }

  /// Byte-level ids of a text: fixed pieces first, then what lies between them word by word.
  private func encode(_ text: String, _ splitter: WordSplitter) -> [Int] {
    let bytes = Array(text.utf8)
    var ids: [Int] = []
    var (start, end) = (0, 0)
    func words(_ range: Range<Int>) -> [Int] {
      splitter.words(of: String(decoding: bytes[range], as: UTF8.self))
        .flatMap { merge(Array($0.utf8)) }
    }
    while end < bytes.count {
      if let fixed = vocabulary.fixedPiece(at: bytes[end...]) {
        ids += words(start..<end) + [fixed.id]
        end += fixed.bytes.count
        start = end
      } else {
        end += 1
      }
    }
    return ids + words(start..<end)
  }

  private func merge(_ bytes: [UInt8]) -> [Int] {
    var merger = BytePairMerger(bytes, vocabulary)
    return merger.merged().flatMap(identifiers(of:))
  }

  /// Ids of a text's single characters: how a model that spells its answers would give it.
  func spell(_ text: String) -> [Int] {
    text.unicodeScalars.flatMap { scalar in
      identifiers(of: scalar == " " ? vocabulary.space : Array(String(scalar).utf8)[...])
    }
  }

  /// The id of a piece, or those of its bytes.
  private func identifiers(of piece: ArraySlice<UInt8>) -> [Int] {
    vocabulary.identifier(of: piece).map { [$0] }
      ?? piece.compactMap(vocabulary.identifier(ofByte:))
  }

  /// The bytes that a token stands for within a text; none for special ones.
  func bytes(of id: Int) -> [UInt8] {
    guard vocabulary.pieces.indices.contains(id) else { return [] }
    switch vocabulary.kinds[id] {
    case .unknown, .control, .unused: return []
    case .byte, .normal, .userDefined:
      let text = { vocabulary.pieces[id].replacing("\u{2581}", with: " ") }
      return vocabulary.bytes(of: id) ?? Array(text().utf8)
    }
  }

  /// The text of ids; special tokens give nothing.
  func decode(_ ids: [Int]) -> String {
    var detokenizer = StreamingDetokenizer(vocabulary)
    return ids.map { detokenizer.append($0) }.joined() + detokenizer.finish()
  }
}
