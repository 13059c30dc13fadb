import Testing

@testable import FlexVLMServe

/// Texts that end an answer.
@Suite struct StopFilterTests {
  @Test(
    "An answer ends before the first stop text, however it comes",
    arguments: [
      ("abcdef", ["cd"], "ab"), ("abcdef", ["x"], "abcdef"), ("abcabd", ["abd"], "abc"),
      ("aab", ["ab"], "a"), ("abc", ["abcd"], "abc"), ("abc", ["a"], ""), ("a\nb", ["\n"], "a"),
      ("héé!", ["é!"], "hé"), ("abcd", ["cd", "bc"], "a"), ("abab", ["abac", "bab"], "a"),
    ])
  func stops(text: String, stops: [String], expected: String) {
    for size in 1...text.count {
      var (filter, said) = (StopFilter(stops), "")
      var rest = text[...]
      while !rest.isEmpty {
        said += filter.append(String(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      said += filter.finish()
      #expect(said == expected, "in pieces of \(size)")
      #expect(filter.hasStopped == (expected != text))
    }
  }
}
