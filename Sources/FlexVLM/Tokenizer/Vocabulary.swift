/// The pieces of a SentencePiece model, their scores and their kinds.
struct Vocabulary: Sendable {
  /// GGUF's codes for what a piece is.
  enum Kind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// How pieces write a space: U+2581.
  static let space = Array("\u{2581}".utf8)

  let pieces: [String]
  let scores: [Float]
  let kinds: [Kind]
  let beginning: Int
  let end: Int
  let unknown: Int
  /// Whether a space is put before a text, so that its first word is like any other.
  let addsSpacePrefix: Bool
  /// By bytes: Swift's strings are equal when they look alike, composed or not; pieces are not.
  private let identifiers: [ArraySlice<UInt8>: Int]
  private let byteIdentifiers: [Int?]
  /// Pieces that are found in a text before anything is merged, longest first.
  let userDefined: [[UInt8]]
  /// In bytes.
  let longestPiece: Int

  init(from reader: inout MetadataReader, limit: Int) {
    if reader.string("tokenizer.ggml.model") != "llama" {
      reader.fault("tokenizer.ggml.model is not 'llama' (SentencePiece BPE)")
    }
    let pieces = reader.strings("tokenizer.ggml.tokens")
    if pieces.count > limit {
      reader.fault("\(pieces.count) tokens, more than the \(limit) that have embeddings")
    }
    let kinds = reader.integers("tokenizer.ggml.token_type", count: pieces.count)
      .map { Kind(rawValue: $0) ?? .unused }
    let last = max(pieces.count - 1, 0)
    self.init(
      pieces: pieces,
      scores: reader.numbers("tokenizer.ggml.scores", count: pieces.count).map(Float.init),
      kinds: kinds.count == pieces.count
        ? kinds : Array(repeating: .normal, count: pieces.count),
      beginning: reader.integer("tokenizer.ggml.bos_token_id", in: 0...last),
      end: reader.integer("tokenizer.ggml.eos_token_id", in: 0...last),
      unknown: reader.integer("tokenizer.ggml.unknown_token_id", in: 0...last, default: 0),
      addsSpacePrefix: reader.boolean("tokenizer.ggml.add_space_prefix", default: true))
  }

  init(
    pieces: [String], scores: [Float], kinds: [Kind], beginning: Int, end: Int, unknown: Int,
    addsSpacePrefix: Bool
  ) {
    self.pieces = pieces
    self.scores = scores
    self.kinds = kinds
    self.beginning = beginning
    self.end = end
    self.unknown = unknown
    self.addsSpacePrefix = addsSpacePrefix
    var identifiers: [ArraySlice<UInt8>: Int] = [:]
    var byteIdentifiers = [Int?](repeating: nil, count: 256)
    for (id, piece) in pieces.enumerated() {
      switch kinds[id] {
      case .normal, .userDefined: identifiers[Array(piece.utf8)[...]] = id
      case .byte: Self.byte(of: piece).map { byteIdentifiers[Int($0)] = id }
      case .unknown, .control, .unused: break
      }
    }
    self.identifiers = identifiers
    self.byteIdentifiers = byteIdentifiers
    longestPiece = pieces.reduce(1) { max($0, $1.utf8.count) }
    userDefined = pieces.indices.filter { kinds[$0] == .userDefined && !pieces[$0].isEmpty }
      .map { Array(pieces[$0].utf8) }.sorted { $0.count > $1.count }
  }

  func identifier(of piece: ArraySlice<UInt8>) -> Int? { identifiers[piece] }

  func identifier(ofByte byte: UInt8) -> Int { byteIdentifiers[Int(byte)] ?? unknown }

  /// The byte that a piece like "<0x0A>" stands for.
  func byte(of id: Int) -> UInt8? { kinds[id] == .byte ? Self.byte(of: pieces[id]) : nil }

  private static func byte(of piece: String) -> UInt8? {
    guard piece.hasPrefix("<0x"), piece.hasSuffix(">") else { return nil }
    return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
  }
}
