import Foundation
import Testing

@testable import FlexVLM

/// Against PyPI's tokenizers on texts that pre-tokenizers disagree about: `Fixtures/bpe`.
@Suite struct ByteLevelTests {
  struct Case: Decodable {
    let text: String
    let ids: [Int]
    let gpt2: [Int]
    let decode: String
  }

  static let cases = try! Fixture.json("bpe/expected.json", as: [Case].self)
  static let metadata = try! GGUFFile(path: Fixture.path("bpe/tokenizer.gguf")).metadata

  static func tokenizer(
    _ changes: [String: GGUFValue?] = [:]
  ) -> (tokenizer: Tokenizer, faults: [String]) {
    var metadata = Self.metadata
    for (key, value) in changes { metadata["tokenizer.ggml.\(key)"] = value }
    var reader = MetadataReader(metadata)
    let vocabulary = Vocabulary(from: &reader, limit: 2000)
    return (Tokenizer(vocabulary: vocabulary), reader.faults)
  }

  @Test("Encoding equals tokenizers, digits apart")
  func encoding() {
    let (tokenizer, faults) = Self.tokenizer()
    #expect(faults.isEmpty)
    for (index, item) in Self.cases.enumerated() {
      #expect(tokenizer.encode(item.text) == item.ids, "\(index): \(item.text.debugDescription)")
    }
  }

  @Test("Encoding equals tokenizers, digits together as in GPT-2")
  func gpt2() {
    let (tokenizer, _) = Self.tokenizer(["pre": .string("gpt-2")])
    for (index, item) in Self.cases.enumerated() {
      #expect(tokenizer.encode(item.text) == item.gpt2, "\(index): \(item.text.debugDescription)")
    }
  }

  @Test("Decoding equals tokenizers, special tokens left out")
  func decoding() {
    let (tokenizer, _) = Self.tokenizer()
    for (index, item) in Self.cases.enumerated() {
      let text = tokenizer.decode(item.ids)
      #expect(text.unicodeScalars.elementsEqual(item.decode.unicodeScalars), "\(index)")
    }
  }

  @Test("A character in several tokens comes out whole, when it is complete")
  func streaming() {
    let (tokenizer, _) = Self.tokenizer()
    var detokenizer = StreamingDetokenizer(tokenizer.vocabulary)
    let pieces = Array("a🚌b".utf8).map {
      detokenizer.append(tokenizer.vocabulary.identifier(ofByte: $0)!)
    }
    #expect(pieces == ["a", "", "", "", "🚌", "b"])
  }

  @Test("A prompt begins with a token only where the model's texts do")
  func beginning() {
    let start = Self.tokenizer().tokenizer.encode("<|im_start|>")
    #expect(start.count == 1)
    #expect(Self.tokenizer().tokenizer.encode(turns: [["a", ""]]).prefix(1) != start[...])
    let (tokenizer, _) = Self.tokenizer(["add_bos_token": .boolean(true)])
    #expect(tokenizer.encode(turns: [["", ""]]) == start + [Tokenizer.imageMarker])
  }

  @Test("Spelling gives single characters")
  func spelling() {
    let (tokenizer, _) = Self.tokenizer()
    let ids = tokenizer.spell("the é")
    #expect(ids.count == 4 + tokenizer.encode("é").count)
    #expect(tokenizer.decode(ids) == "the é")
  }

  @Test("Long words and many words take n log n steps")
  func longTexts() {
    let (tokenizer, _) = Self.tokenizer()
    for text in [
      String(repeating: "the", count: 20_000), String(repeating: "the quick 12 ", count: 4_000),
      String(repeating: " ", count: 60_000), String(repeating: "<|im_", count: 10_000),
    ] {
      #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    }
  }

  @Test("Damaged vocabularies are refused, each fault named")
  func faults() {
    for (key, value, fault) in [
      ("model", .string("bert"), "tokenizer.ggml.model is 'bert'"),
      ("pre", .string("qwen2"), "tokenizer.ggml.pre is 'qwen2'"),
      ("pre", nil, "tokenizer.ggml.pre is missing"),
      ("merges", nil, "tokenizer.ggml.merges is missing"),
      ("merges", .strings(["t h e"]), "tokenizer.ggml.merges 0, 't h e', does not join"),
      ("merges", .strings(["the"]), "tokenizer.ggml.merges 0, 'the', does not join"),
      ("merges", .strings(["z q"]), "tokenizer.ggml.merges 0, 'z q', does not join"),
      ("merges", .strings(["a \u{4E00}"]), "does not join"),
      ("eos_token_id", .integer(1000), "tokenizer.ggml.eos_token_id is 1000"),
    ] as [(String, GGUFValue?, String)] {
      let faults = Self.tokenizer([key: value]).faults
      #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }
  }
}
