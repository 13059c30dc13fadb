import Testing

@testable import FlexVLM

/// Texts of others are matched in linear time: texts made to be slow are not.
@Suite struct LinearTimeTests {
  @Test("A part is found as a naive search finds it")
  func occurrences() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        Int.random(in: 0...1, using: &generator)
      }
      let part = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        Int.random(in: 0...1, using: &generator)
      }
      let start = Int.random(in: 0...text.count, using: &generator)
      let naive = (start...text.count).first { text[$0...].starts(with: part) }
      #expect(text.firstOccurrence(of: part, from: start)?.lowerBound == naive)
      #expect(text.firstOccurrence(of: part, from: start)?.count == naive.map { _ in part.count })
    }
  }

  @Test("Tens of thousands of characters made for backtracking take no time")
  func hostileTexts() {
    let count = 5000
    let options = String(repeating: "A. x, B. y, C. z, ", count: count)
    let started = ContinuousClock.now
    #expect(AnswerMetric.choice("zzz", question: options) == nil)
    #expect(
      AnswerMetric.choice(String(repeating: "The answer is ", count: count), question: "") == "A")
    #expect(LetterChoice(options).letter(of: String(repeating: "(", count: count)) == nil)
    #expect(
      TextVQAPrompt.question(of: "OCR tokens: " + String(repeating: "Question: ", count: count))
        == nil)
    #expect(
      TextVQAPrompt.question(of: String(repeating: "Reference OCR token: \n", count: count)) != nil)
    #expect(pythonFloat(CodePoints(String(repeating: "1", count: 10 * count) + "x")) == nil)
    #expect(pythonFloat(CodePoints(String(repeating: "1_", count: 10 * count))) == nil)
    let long = String(repeating: "a", count: 20 * count)
    #expect(AnswerMetric.sceneTextANLS(long, truths: ["b"]) == 0)
    #expect(AnswerMetric.documentANLS(long, truths: [String(repeating: "b", count: 8192)]) == 0)
    #expect(CodePoints(long).contains(part: CodePoints(long.dropLast() + "b")) == false)
    #expect(Query.cleaned(question: String(repeating: "<image> ", count: count)) != nil)
    // Regular expressions took minutes for a tenth of the length.
    #expect(ContinuousClock.now - started < .seconds(60))
  }

  @Test(
    "Letters are read from answers",
    arguments: [
      ("A", "A"), ("(B)", "B"), ("b", nil), ("B.", "B"), ("C. green", "C"), ("D: none", nil),
      ("red", "A"), ("Blue.", "B"), ("a green thing", "C"), ("A red car", "A"),
      ("red or blue", nil),
      ("The answer is B.", "B"), ("The answer is (C)", "C"), ("I choose (A), since", "A"),
      ("", nil),
      ("An apple", nil), ("Because", nil),
    ] as [(String, String?)])
  func letters(answer: String, expected: String?) {
    for prompt in [
      "Which?\n(A) red\n(B) blue\n(C) green\nAnswer with the letter.",
      "Which? (A) red (B) blue (C) green", "Which?\nA. Red.\nB. Blue.\nC. Green.\nAnswer.",
    ] {
      #expect(LetterChoice(prompt).letter(of: answer) == expected, "\(prompt)")
      #expect(LetterChoice(prompt).has(["C"]) && !LetterChoice(prompt).has(["D"]))
    }
    #expect(!LetterChoice("Which?\n(A) red").has(["A"]) && !LetterChoice("A car. B").has(["A"]))
  }
}
