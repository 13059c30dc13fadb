/// SentencePiece byte-pair encoding as LLaMA uses it (Kudo and Richardson, arXiv 1808.06226): merges
/// by score, unknown characters as bytes.
struct Tokenizer: Sendable {
  /// Stands for the image in a sequence of token ids, as in the official code.
  static let imageMarker = -200
  /// Where the image goes in a prompt's text.
  static let imagePlace = "<image>"

  let vocabulary: Vocabulary

  /// Ids of a prompt in parts: the beginning-of-sequence token, then each part encoded on its own
  /// (with its own space prefix), ``imageMarker`` between them.
  func encode(parts: [String]) -> [Int] {
    [vocabulary.beginning] + parts.map { encode($0) }.joined(separator: [Self.imageMarker])
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
    var bytes: [UInt8] = vocabulary.addsSpacePrefix ? Vocabulary.space : []
    for byte in text.utf8 {
      if byte == UInt8(ascii: " ") { bytes += Vocabulary.space } else { bytes.append(byte) }
    }
    var merger = BytePairMerger(bytes, vocabulary)
    return merger.merged().flatMap(identifiers(of:))
  }

  /// Ids of a text's single characters: how a model that spells its answers would give it.
  func spell(_ text: String) -> [Int] {
    text.unicodeScalars.flatMap { scalar in
      identifiers(of: scalar == " " ? Vocabulary.space[...] : Array(String(scalar).utf8)[...])
    }
  }

  /// The id of a piece, or those of its bytes.
  private func identifiers(of piece: ArraySlice<UInt8>) -> [Int] {
    vocabulary.identifier(of: piece).map { [$0] } ?? piece.map(vocabulary.identifier(ofByte:))
  }

  /// The text of ids; special tokens give nothing.
  func decode(_ ids: [Int]) -> String {
    var detokenizer = StreamingDetokenizer(vocabulary)
    return ids.map { detokenizer.append($0) }.joined() + detokenizer.finish()
  }
}
