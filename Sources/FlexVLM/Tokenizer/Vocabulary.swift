/// The pieces of a tokenizer, their kinds, and which of them merge.
struct Vocabulary: Sendable {
  /// GGUF's codes for what a piece is.
  enum Kind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// How pieces are written and merged.
  enum Scheme: Sendable {
    /// LLaMA's: pieces that are in the vocabulary merge, best score first; bytes are pieces of their
    /// own kind.
    case sentencePiece(scores: [Float])
    /// GPT-2's: listed pairs of pieces merge, in the list's order; pieces are any bytes.
    case byteLevel(ranks: [PiecePair: Int], WordSplitter)
  }

  struct PiecePair: Hashable, Sendable {
    let left: Int
    let right: Int
  }

  let pieces: [String]
  let kinds: [Kind]
  let scheme: Scheme
  /// Stands at the start of every prompt; nil for models that have no such token.
  let beginning: Int?
  let end: Int
  let unknown: Int
  /// Whether a space is put before a text, so that its first word is like any other.
  let addsSpacePrefix: Bool
  /// By bytes: Swift's strings are equal when they look alike, composed or not; pieces are not.
  private let identifiers: [ArraySlice<UInt8>: Int]
  private let byteIdentifiers: [Int?]
  /// In bytes.
  let longestPiece: Int
  /// Pieces that are found in a text before anything is merged, by their first byte, longest first:
  /// user-defined ones, and for byte-level vocabularies, whose templates name them, control tokens.
  private let fixed: [[(bytes: [UInt8], id: Int)]]

  /// - Parameter identifiers: see ``identifiers(_:_:isByteLevel:)``.
  init(
    pieces: [String], kinds: [Kind], identifiers: [ArraySlice<UInt8>: Int], scheme: Scheme,
    beginning: Int?, end: Int, unknown: Int = 0,
    addsSpacePrefix: Bool = false
  ) {
    self.identifiers = identifiers
    self.pieces = pieces
    self.kinds = kinds
    self.scheme = scheme
    self.beginning = beginning
    self.end = end
    self.unknown = unknown
    self.addsSpacePrefix = addsSpacePrefix
    var isByteLevel = false
    if case .byteLevel = scheme { isByteLevel = true }
    var byteIdentifiers = [Int?](repeating: nil, count: 256)
    for id in pieces.indices where kinds[id] == .byte {
      Self.byte(of: pieces[id]).map { byteIdentifiers[Int($0)] = id }
    }
    self.byteIdentifiers = byteIdentifiers
    longestPiece = pieces.reduce(1) { max($0, $1.utf8.count) }
    var fixed = [[(bytes: [UInt8], id: Int)]](repeating: [], count: 256)
    for (id, piece) in pieces.enumerated()
    where kinds[id] == .userDefined || isByteLevel && kinds[id] == .control {
      piece.utf8.first.map { fixed[Int($0)].append((Array(piece.utf8), id)) }
    }
    self.fixed = fixed.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
  }

  /// Ids by the bytes that pieces stand for.
  static func identifiers(
    _ pieces: [String], _ kinds: [Kind], isByteLevel: Bool
  ) -> [ArraySlice<UInt8>: Int] {
    var identifiers: [ArraySlice<UInt8>: Int] = [:]
    identifiers.reserveCapacity(pieces.count)
    for (id, piece) in pieces.enumerated() {
      switch kinds[id] {
      case .normal:
        let bytes = isByteLevel ? ByteLevel.bytes(of: piece) : nil
        identifiers[(bytes ?? Array(piece.utf8))[...]] = id
      case .userDefined: identifiers[Array(piece.utf8)[...]] = id
      case .byte, .unknown, .control, .unused: break
      }
    }
    return identifiers
  }

  /// How this vocabulary writes a space: U+2581 in SentencePiece's.
  var space: ArraySlice<UInt8> {
    switch scheme {
    case .sentencePiece: Array("\u{2581}".utf8)[...]
    case .byteLevel: Array(" ".utf8)[...]
    }
  }

  /// The longest fixed piece that a text begins with.
  func fixedPiece(at text: ArraySlice<UInt8>) -> (bytes: [UInt8], id: Int)? {
    text.first.flatMap { fixed[Int($0)].first { text.starts(with: $0.bytes) } }
  }

  func identifier(of piece: ArraySlice<UInt8>) -> Int? { identifiers[piece] }

  func identifier(ofByte byte: UInt8) -> Int? {
    switch scheme {
    case .sentencePiece: byteIdentifiers[Int(byte)] ?? unknown
    case .byteLevel: identifiers[[byte]]
    }
  }

  /// How early two neighbours merge, the highest first; nil where they do not.
  ///
  /// - Parameters:
  ///   - bytes: both together; the second begins at index `middle`.
  func priority(merging bytes: ArraySlice<UInt8>, at middle: Int) -> Float? {
    switch scheme {
    case .sentencePiece(let scores): identifiers[bytes].map { scores[$0] }
    case .byteLevel(let ranks, _):
      if let left = identifiers[bytes[..<middle]], let right = identifiers[bytes[middle...]] {
        ranks[PiecePair(left: left, right: right)].map { -Float($0) }
      } else {
        nil
      }
    }
  }

  /// The bytes that a piece adds to a text; nil where a piece adds characters, as SentencePiece's
  /// ordinary pieces do.
  func bytes(of id: Int) -> [UInt8]? {
    switch (scheme, kinds[id]) {
    case (_, .byte): Self.byte(of: pieces[id]).map { [$0] }
    case (.byteLevel, .normal): ByteLevel.bytes(of: pieces[id])
    default: nil
    }
  }

  /// The byte that a piece like "<0x0A>" stands for.
  private static func byte(of piece: String) -> UInt8? {
    guard piece.hasPrefix("<0x"), piece.hasSuffix(">") else { return nil }
    return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
  }
}
