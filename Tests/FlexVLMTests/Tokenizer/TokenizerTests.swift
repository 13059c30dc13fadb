import Testing

@testable import FlexVLM

/// Against the SentencePiece library and the official prompt splitting: `Fixtures/parity/tokenizer`.
@Suite struct TokenizerTests {
  struct Vectors: Decodable {
    struct Encoding: Decodable {
      let text: String
      let ids: [Int]
      let decode: String
    }
    struct Decoding: Decodable {
      let ids: [Int]
      let decode: String
    }
    struct ImagePrompt: Decodable {
      let prompt: String
      let inputIds: [Int]
      let legacy: Bool
    }
    let encode: [Encoding]
    let decode: [Decoding]
    let imagePrompts: [ImagePrompt]
  }

  static let vectors = try! Fixture.json("parity/tokenizer/expected.json", as: Vectors.self)
  /// The vectors' tokenizer is the one of every parity model.
  static let tokenizer = try! VisionLanguageModel(
    contentsOfFile: Fixture.path("parity/tiny-a/model.gguf")
  ).tokenizer

  @Test("Encoding equals SentencePiece", arguments: vectors.encode.map { ($0.text, $0.ids) })
  func encoding(text: String, ids: [Int]) {
    #expect(Self.tokenizer.encode(text) == ids)
  }

  @Test("Decoding what was encoded equals SentencePiece")
  func roundTrip() {
    for vector in Self.vectors.encode {
      #expect(
        Self.tokenizer.decode(vector.ids).unicodeScalars.elementsEqual(
          vector.decode.unicodeScalars), "\(vector.ids)")
    }
  }

  @Test("Decoding equals SentencePiece; unknown tokens are dropped with the other special ones")
  func decoding() {
    for vector in Self.vectors.decode {
      let expected = vector.decode.replacing(" \u{2047} ", with: "")
      #expect(Self.tokenizer.decode(vector.ids) == expected, "\(vector.ids)")
    }
  }

  @Test("Prompts split at the image as in the official code")
  func imagePrompts() {
    for vector in Self.vectors.imagePrompts where !vector.legacy {
      #expect(Self.tokenizer.encode(turns: [Tokenizer.parts(of: vector.prompt)]) == vector.inputIds)
    }
  }

  @Test("Spelling gives single characters, bytes where there is none, and decodes to the text")
  func spelling() {
    let tokenizer = Self.tokenizer
    let ids = tokenizer.spell("the bus 🚌")
    #expect(ids.count == 8 + 4)
    #expect(ids.prefix(3).map { tokenizer.vocabulary.pieces[$0] } == ["t", "h", "e"])
    #expect(ids[3] == tokenizer.vocabulary.identifier(of: tokenizer.vocabulary.space))
    #expect(tokenizer.decode(ids) == "the bus 🚌")
  }

  @Test("Merging takes n log n, not n squared, steps")
  func longText() {
    let text = String(repeating: "the quick brown fox ", count: 20_000)
    #expect(Self.tokenizer.decode(Self.tokenizer.encode(text)) == text)
  }

  @Test("A user-defined piece is found before anything merges, and joins nothing")
  func userDefined() {
    let pieces = ["<unk>", "<s>", "</s>", "a", "b", "ab", "<tag>", "a<tag>"]
    let kinds: [Vocabulary.Kind] = [
      .unknown, .control, .control, .normal, .normal, .normal, .userDefined, .normal,
    ]
    let vocabulary = Vocabulary(
      pieces: pieces, kinds: kinds,
      identifiers: Vocabulary.identifiers(pieces, kinds, isByteLevel: false),
      scheme: .sentencePiece(scores: [0, 0, 0, -4, -4, -1, 0, -0.5]), beginning: 1, end: 2)
    #expect(Tokenizer(vocabulary: vocabulary).encode("ab<tag>ba<tag>") == [5, 6, 4, 3, 6])
    #expect(Tokenizer(vocabulary: vocabulary).encode("<s>x") == [0, 0, 0, 0])
  }
}

@Suite struct StreamingTests {
  static let vocabulary = TokenizerTests.tokenizer.vocabulary

  @Test("Bytes of one character come out together, broken ones as replacement characters")
  func bytes() {
    let bus = Array("🚌".utf8)
    var detokenizer = StreamingDetokenizer(Self.vocabulary)
    let pieces = bus.map { detokenizer.append(Self.vocabulary.identifier(ofByte: $0)!) }
    #expect(pieces == ["", "", "", "🚌"])
    _ = detokenizer.append(Self.vocabulary.identifier(ofByte: bus[0])!)
    #expect(detokenizer.finish() == "\u{FFFD}")
  }

  @Test("Any ids, in any order, stream to the same text as they decode to at once")
  func streamEqualsWhole() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let ids = (0..<20).map { _ in Int.random(in: 0..<520, using: &generator) }
      var detokenizer = StreamingDetokenizer(Self.vocabulary)
      var streamed = ""
      for id in ids { streamed += detokenizer.append(id) }
      streamed += detokenizer.finish()
      #expect(streamed == TokenizerTests.tokenizer.decode(ids))
      #expect(streamed.utf8.count < 20 * 40)
    }
  }

  @Test("An answer has no white space at its ends, and keeps that inside")
  func trimming() {
    var text = AnswerText(Self.vocabulary)
    let space = Self.vocabulary.identifier(of: Self.vocabulary.space)!
    let the = Self.vocabulary.identifier(of: Array("\u{2581}the".utf8)[...])!
    #expect(
      [space, the, space, the, space].map { text.append($0) } == ["", "the", "", "  the", ""])
    #expect(text.finish() == "")
    #expect(text.text == "the  the")
  }
}
