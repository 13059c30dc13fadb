import Testing

@testable import FlexVLM

/// Vectors made by the official scorer (`Fixtures/metrics`), and the rules of the others by hand.
@Suite struct AnswerMetricTests {
  struct ProcessorCase: Decodable {
    let `in`: String
    let out: String
  }
  struct Golden: Decodable { let processor: [ProcessorCase] }

  struct Accuracy: Decodable {
    struct Item: Decodable {
      let predAnswer: String
      let gtAnswers: [String]
      let normalized: String
      let score: Double
    }
    let accuracy: Double
    let items: [Item]
  }

  @Test("The answer processor equals the official one")
  func processor() throws {
    let golden = try Fixture.json("metrics/evalai_golden.json", as: Golden.self)
    #expect(golden.processor.count > 60)
    for entry in golden.processor {
      #expect(AnswerNormalizer()(entry.in) == CodePoints(entry.out), "\(entry.in)")
    }
  }

  @Test("TextVQA accuracy equals the official one to the bit")
  func softAccuracy() throws {
    let expected = try Fixture.json("metrics/textvqa_accuracy.json", as: Accuracy.self)
    #expect(expected.items.count >= 400)
    var sum = 0.0
    for item in expected.items {
      #expect(AnswerNormalizer()(item.predAnswer) == CodePoints(item.normalized))
      let score = AnswerMetric.softAccuracy(item.predAnswer, truths: item.gtAnswers)
      #expect(score == item.score, "\(item.predAnswer)")
      sum += score
    }
    #expect(sum / Double(expected.items.count) == expected.accuracy)
  }

  @Test(
    "Lower case is Python's",
    arguments: [
      ("ΌΔΟΣ", "όδος"), ("ΣΑΣ", "σας"), ("Σ", "σ"), ("İ", "i\u{307}"), ("STRASSE", "strasse"),
      ("A\u{301}B", "a\u{301}b"), ("", ""),
    ] as [(String, String)])
  func lowered(text: String, expected: String) {
    #expect(CodePoints(text).lowered() == CodePoints(expected))
  }

  @Test(
    "float() accepts what Python accepts",
    arguments: [
      ("1", 1), (" 2.5\n", 2.5), ("-.5", -0.5), ("5.", 5), ("1e3", 1000), ("1.e2", 100),
      ("1_000", 1000), ("٣", 3), ("+7", 7), ("0x10", nil), ("1__0", nil), ("_1", nil),
      ("1,000", nil),
      ("", nil), (".", nil), ("e5", nil), ("--1", nil), ("12a", nil), ("1 2", nil),
    ] as [(String, Double?)])
  func float(text: String, expected: Double?) {
    #expect(pythonFloat(CodePoints(text)) == expected)
  }

  @Test("float() reads infinities and NaN")
  func floatSpecials() {
    #expect(pythonFloat(CodePoints("-Infinity")) == -.infinity)
    #expect(pythonFloat(CodePoints("NaN"))?.isNaN == true)
    #expect(pythonFloat(CodePoints("nan(1)")) == nil)
  }

  @Test(
    "DocVQA ANLS",
    arguments: [
      // Distances are of cleaned texts, lengths of raw ones.
      ("a  b", ["A B"], 1.0), ("kitten", ["sitting"], 1 - 3.0 / 7), ("cat", ["dog"], 0.0),
      ("  abcd  ", ["abce"], 1 - 1.0 / 8), ("", ["abc"], 0.0), ("", [""], 1.0),
      ("abxx", ["abcd"], 0.5), ("abxxx", ["abcde"], 0.0), ("two", ["one", "two"], 1.0),
    ] as [(String, [String], Double)])
  func documentANLS(answer: String, truths: [String], expected: Double) {
    #expect(AnswerMetric.documentANLS(answer, truths: truths) == expected)
  }

  @Test(
    "ST-VQA evaluators",
    arguments: [
      ("The Dog.", ["dog"], 1.0, 0.0), ("dgo", ["dog"], 0.0, 0.0), ("  ABCD ", ["abce"], 0.0, 0.75),
      ("STOP", ["go", "stop"], 1.0, 1.0),
    ] as [(String, [String], Double, Double)])
  func sceneText(answer: String, truths: [String], exact: Double, anls: Double) {
    #expect(AnswerMetric.exactAccuracy(answer, truths: truths) == exact)
    #expect(AnswerMetric.sceneTextANLS(answer, truths: truths) == anls)
  }

  @Test(
    "ChartQA relaxed accuracy",
    arguments: [
      ("105", "100", true), ("105.1", "100", false), ("95", "100", true), ("5%", "0.05", true),
      ("5%%", "0.05", true), ("-10", "10", false), ("0", "0", true), ("0.0", "0", false),
      ("Yes", "yes", true), ("yes.", "yes", false), ("1,000", "1000", false), ("nan", "nan", false),
    ] as [(String, String, Bool)])
  func relaxed(answer: String, truth: String, expected: Bool) {
    #expect(AnswerMetric.relaxedAccuracy(answer, truth: truth) == (expected ? 1 : 0))
  }

  @Test(
    "POPE reads yes and no",
    arguments: [
      ("Yes", true), ("No, there is not.", false), ("no", false), ("NO", true),
      ("There is no.", false),
      ("Yes. No.", true), ("It is not", false), ("nothing", true), ("", true), ("No\nmore", true),
      ("no,", false),
    ] as [(String, Bool)])
  func pope(answer: String, expected: Bool) {
    #expect(AnswerMetric.meansYes(answer) == expected)
  }

  @Test(
    "MagnifierBench choices",
    arguments: [
      ("The answer is C", "C"), ("B", "B"), ("C. because A", "A"), ("red", "B"),
      ("it is BLUE", "B"),
      ("green or so", "C"), ("d", "D"), ("zzz", nil), ("", nil),
    ] as [(String, String?)])
  func choice(answer: String, expected: String?) {
    let question = "Which colour? A. yellow, B. red, C. green, D. blue?"
    #expect(AnswerMetric.choice(answer, question: question) == expected)
  }

  @Test(
    "Edit distance",
    arguments: [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("e\u{301}", "\u{e9}", 2)]
      as [(String, String, Int)])
  func editDistance(a: String, b: String, expected: Int) {
    #expect(AnswerMetric.editDistance(CodePoints(a), CodePoints(b)) == expected)
    #expect(AnswerMetric.editDistance(CodePoints(b), CodePoints(a)) == expected)
  }
}
