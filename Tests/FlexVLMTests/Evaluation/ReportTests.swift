import Foundation
import Testing

@testable import FlexVLM

@Suite struct ReportTests {
  /// A thousand answers about two images, one of which is missing; every fourth is wrong.
  private func report(_ folder: TemporaryFolder, count: Int) throws -> String {
    let lines = (0..<count).map { index in
      #"{"question_id": \#(index), "image": "\#(index % 10 == 9 ? "gone" : "7x5").png", "#
        + #""text": "q\#(index) </script><b>&", "answer": "yes", "category": "g\#(index % 2)"}"#
    }
    let data = try BenchmarkData(
      .jsonl, annotations: [folder.write(lines.joined(separator: "\n"), to: "questions.jsonl")],
      images: Fixture.path("parity/preproc"))
    let records = data.samples.enumerated().map { index, sample in
      var metadata = AnswerRecord.Metadata()
      metadata.index = index
      (metadata.cells, metadata.selections) = ([0, 2, 1, 0], 2)
      return (
        line: index + 1,
        value: AnswerRecord(
          questionID: sample.id, prompt: sample.prompt, text: index % 4 == 0 ? "no" : "yes",
          answerID: "a", modelID: "m", metadata: metadata)
      )
    }
    return EvaluationReport(data, try data.score(records, file: "a"))
      .html(subtitle: "tiny <model>", options: .init(), threads: 2)
  }

  @Test("The page holds scores, escaped texts and each image once, and names no other file")
  func page() throws {
    let html = try report(TemporaryFolder(), count: 40)
    #expect(html.contains("<tr><th>overall</th><td>75.00</td>"))
    #expect(html.contains("<tr><th>g1</th><td>100.00</td>"))
    #expect(html.contains("tiny &lt;model>") || html.contains("tiny &lt;model&gt;"))
    #expect(html.contains(#"q7 \u003C/script>\u003Cb>&"#))
    #expect(html.ranges(of: "data:image/jpeg;base64,").count == 1)
    #expect(html.ranges(of: "</script>").count == 3)
    #expect(!html.contains("src=\"") && !html.contains("href=\""))
    // The heat-map's colours, in the legend and over the pictures.
    for value in [0, 1] as [Float] {
      let colour = ColourMap.warmth(value)
      let css = "rgb(\(colour.x), \(colour.y), \(colour.z))"
      #expect(html.ranges(of: css).count == 2)
    }
    #expect(
      html.ranges(of: "http").allSatisfy {
        html[$0.lowerBound...].hasPrefix("http-equiv")
          || html[$0.lowerBound...].hasPrefix("http://www.w3.org/2000/svg")
      })
  }

  /// FLEXVLM_CHROMIUM=chromium swift test --filter ReportTests
  @Test(
    "A browser shows a thousand questions at once and filters them",
    .enabled(if: ProcessInfo.processInfo.environment["FLEXVLM_CHROMIUM"] != nil))
  func browser() throws {
    let folder = try TemporaryFolder()
    let probe = """
      <script>
      const opened = performance.now();
      const state = () => [document.getElementById("count").value, list.children.length,
        list.querySelectorAll("rect").length, list.querySelectorAll("img").length,
        list.querySelectorAll("b").length].join("|");
      const states = [state()];
      wrong.click(); states.push(state());
      group.value = "g0"; group.dispatchEvent(new Event("input")); states.push(state());
      text.value = "q12 "; text.dispatchEvent(new Event("input")); states.push(state());
      list.querySelector("button").click();
      states.push([large.open, large.querySelectorAll("img").length,
        large.querySelectorAll("rect.seen").length].join("|"));
      large.click(); states.push(large.open);
      document.title = "PROBE " + states.join(" ; ") + " ; " + Math.round(opened);
      </script></body>
      """
    let html = try report(folder, count: 1000).replacing("</body>", with: probe)
    let page = try folder.write(html, to: "report.html")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["FLEXVLM_CHROMIUM"]!, "--headless", "--no-sandbox",
      "--disable-gpu", "--user-data-dir=\(folder.path)/profile", "--dump-dom", "file://\(page)",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let dom = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let match = try #require(dom.firstMatch(of: /<title>PROBE (.*?)<\/title>/))
    let states = match.1.components(separatedBy: " ; ")
    // 24 cards to begin with, of which 2 are about the missing image; four cells on each other one.
    #expect(states[0] == "1000 questions, score 75.00|24|88|22|0")
    #expect(states[1] == "250 questions, score 0.00|24|96|24|0")
    #expect(states[2] == "250 questions, score 0.00|24|96|24|0")
    #expect(states[3] == "1 questions, score 0.00|1|4|1|0")
    #expect(states[4] == "true|1|2", "the enlarged picture")
    #expect(states[5] == "false")
    let milliseconds = try #require(Int(states[6]))
    #expect(milliseconds < 2000, "the script has run after \(milliseconds) ms")
  }
}
