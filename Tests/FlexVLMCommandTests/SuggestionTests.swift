import Testing

@testable import FlexVLMCommand

@Suite struct SuggestionTests {
  @Test(
    "The edit distance counts insertions, deletions, replacements and swaps",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("ask", "ask", 0), ("ak", "ask", 1),
      ("asks", "ask", 1), ("asp", "ask", 1), ("aks", "ask", 1), ("sloep", "slope", 1),
      ("kitten", "sitting", 3), ("ca", "abc", 3), ("modèle", "modele", 1),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(Suggestion.editDistance(a, b) == expected)
    #expect(Suggestion.editDistance(b, a) == expected)
  }

  @Test(
    "The nearest candidate is suggested, or none if all are far",
    arguments: [
      ("aks", "ask"), ("scor", "score"), ("inspec", "inspect"), ("ins", "inspect"),
      ("verison", "version"), ("in", nil), ("photo.png", nil), ("", nil), ("x", nil),
    ])
  func nearest(word: String, expected: String?) {
    let commands = ["ask", "score", "inspect", "version"]
    #expect(Suggestion.nearest(to: word, among: commands) == expected)
  }
}
