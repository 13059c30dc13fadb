import Testing

@testable import FlexVLM

/// Tables: columns, cells, rows, and the plan that keeps a row's questions together.
@Suite struct ExtractionTests {
  @Test(
    "A column is a name and a question",
    arguments: [
      ("total=What is the total?", "total", "What is the total?"),
      (" due date = When? ", "due date", "When?"), ("a=is x=1?", "a", "is x=1?"),
      ("a=<image>\nWhat?", "a", "What?"), ("What is it?", nil, ""), ("=What?", nil, ""),
      (" =What?", nil, ""), ("a=", nil, ""), ("a= \u{FEFF}", nil, ""), ("", nil, ""),
    ] as [(String, String?, String)])
  func columns(text: String, name: String?, question: String) {
    let column = TableColumn(text)
    #expect(column?.name == name)
    #expect((column?.question ?? "") == question)
  }

  @Test(
    "No two columns have one name, whatever columns are shown",
    arguments: [
      (["a=?x", "b=?x"], nil), (["a=x", "b=x", "a=y"], "a"), (["image=x"], "image"),
      (["error=x"], "error"), (["a=x", "a_confidence=x"], "a_confidence"),
      (["a_first_probability=x", "a=x"], "a_first_probability"),
    ] as [([String], String?)])
  func repeated(texts: [String], name: String?) {
    #expect(TableColumn.repeatedName(among: texts.compactMap(TableColumn.init)) == name)
  }

  @Test(
    "Fields are quoted as RFC 4180 asks",
    arguments: [
      ("a b", "a b"), ("", ""), ("a,b", #""a,b""#), (#"5" pipe"#, #""5"" pipe""#),
      ("a\r\nb", "\"a\r\nb\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), ("é;\t'", "é;\t'"),
    ])
  func quoting(field: String, expected: String) {
    #expect(SeparatedValues.line([field, "x"]) == expected + ",x\r\n")
    let line = Array(SeparatedValues.line([field, "x"]).utf8)
    #expect(SeparatedValues.lines(line + line).map(Array.init) == [line, line])
    #expect(SeparatedValues.lines(line + line.dropLast()).map(Array.init) == [line])
  }

  @Test(
    "What begins like a formula gets an apostrophe, numbers do not",
    arguments: [
      "=1+1", "+1+1", "-1+1", "-", "+", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-a", "-1e5",
      "+49 30 123", "-2+3+cmd|' /C calc'!A0", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}a",
    ])
  func formulas(text: String) {
    #expect(SeparatedValues.harmless(text) == "'" + text)
  }

  @Test(
    "Other texts stay", arguments: ["-12.50", "+3", "-1,234.5", "-5%", "$-1", "a=b", "'", "", "0"])
  func harmless(text: String) {
    #expect(SeparatedValues.harmless(text) == text)
  }

  private static func record(
    _ text: String, _ confidence: Double? = nil, error: String? = nil
  ) -> AnswerRecord {
    var metadata = AnswerRecord.Metadata()
    metadata.confidence = confidence
    metadata.firstProbability = confidence.map { $0 / 2 }
    metadata.error = error
    return AnswerRecord(
      questionID: .text("i"), prompt: "", text: text, answerID: "", modelID: "",
      metadata: metadata)
  }

  @Test("Rows have the header's columns; doubtful and missing answers are empty and counted")
  func rows() throws {
    let columns = ["total=x", "a,b=y"].compactMap(TableColumn.init)
    var options = AnswerTable.Options()
    let records = [Self.record("=1", 0.25), Self.record("\"q\"\n", 0.75)]
    func table() -> AnswerTable { AnswerTable(columns, options) }
    #expect(table().header == "image,total,\"a,b\",error\r\n")
    #expect(table().row(image: "i", records).text == "i,'=1,\"\"\"q\"\"\n\",\r\n")
    options.allowsFormulas = true
    #expect(table().row(image: "-i", records).text == "-i,=1,\"\"\"q\"\"\n\",\r\n")

    (options.showsConfidence, options.minimumConfidence) = (true, 0.75)
    let doubtful = table().row(image: "i", records)
    #expect(
      table().header
        == "image,total,total_confidence,total_first_probability,\"a,b\",\"a,b_confidence\","
        + "\"a,b_first_probability\",error\r\n")
    #expect(doubtful.text == "i,,0.2500,0.1250,\"\"\"q\"\"\n\",0.7500,0.3750,\r\n")
    #expect(doubtful.answered == 2 && doubtful.doubtful == 1 && doubtful.error == nil)

    options.format = .jsonl
    let failed = [Self.record("", error: "torn"), Self.record("", error: "torn")]
    let row = table().row(image: "a/b", failed)
    #expect(
      row.text
        == #"{"image":"a/b","total":null,"total_confidence":null,"total_first_probability":null,"#
        + #""a,b":null,"a,b_confidence":null,"a,b_first_probability":null,"error":"torn"}"# + "\n")
    #expect(row.answered == 0 && row.doubtful == 0 && row.error == "torn")
    #expect(table().header.isEmpty)
    options = AnswerTable.Options()
    options.format = .jsonl
    #expect(
      table().row(image: "i", [records[1], Self.record("", error: "long")]).text
        == #"{"image":"i","total":"\"q\"\n","a,b":null,"error":"a,b: long"}"# + "\n")
    let two = table().row(image: "\u{202E}", [Self.record("", error: "x"), failed[0]])
    #expect(
      two.text == #"{"image":"\u202E","total":null,"a,b":null,"error":"total: x; a,b: torn"}"#
        + "\n")
  }

  @Test(
    "A row's questions are never parted, and shards have every row once",
    arguments: [(1, 200), (3, 100), (64, 3), (65, 3), (100, 4)])
  func plan(questions: Int, images: Int) throws {
    let columns = (0..<questions).compactMap { TableColumn("q\($0)=what \($0)?") }
    // Some images come again.
    let data = BenchmarkData(columns, images: (0..<images).map { "\($0 % 90).png" })
    #expect(data.samples.count == questions * images)
    var seen: [Int] = []
    for number in 1...3 {
      var options = EvaluationOptions()
      options.shard = try #require(Shard(number: number, count: 3))
      let plan = EvaluationPlan(data, options, questionsPerImage: questions)
      for row in stride(from: 0, to: plan.order.count, by: questions) {
        let first = plan.order[row]
        #expect(first.isMultiple(of: questions))
        #expect(plan.order[row..<row + questions].elementsEqual(first..<first + questions))
      }
      seen += plan.order
    }
    #expect(seen.sorted() == Array(0..<questions * images))
  }
}
