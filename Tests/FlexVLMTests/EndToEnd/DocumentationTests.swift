import Foundation
import Testing

@Suite struct DocumentationTests {
  private static let catalogue = "Sources/FlexVLM/FlexVLM.docc"

  private static func page(_ name: String) throws -> String {
    try Checkout.text(of: Checkout.root.appending(path: name))
  }

  private static func exists(_ path: some StringProtocol, beside page: URL) -> Bool {
    FileManager.default.fileExists(
      atPath: page.deletingLastPathComponent().appending(path: String(path)).path)
  }

  /// What follows each occurrence of a text, as far as the predicate holds.
  private static func all(
    after start: String, in text: String, while belongs: (Character) -> Bool
  ) -> [String] {
    text.components(separatedBy: start).dropFirst().map { String($0.prefix(while: belongs)) }
  }

  /// "2.4" of "2.4 Low view" or "2.4).".
  private static func number(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  @Test("Every section of the specification that a comment names exists")
  func sections() throws {
    func numbers(after start: String, in text: String) -> [String] {
      Self.all(after: start, in: text) { $0.isNumber || $0 == "." }.map(Self.number)
        .filter { !$0.isEmpty }
    }
    let page = try Self.page("\(Self.catalogue)/Algorithm.md")
    let headings = numbers(after: "\n## ", in: page) + numbers(after: "\n### ", in: page)
    let traps = numbers(
      after: "\n",
      in: try #require(page.components(separatedBy: "## 10. Traps").last)
        .components(separatedBy: "\n## ")[0])
    #expect(traps == (1...traps.count).map { "\($0)" })
    #expect(Set(headings).count == headings.count)

    let files = ["Sources", "Tests", "Scripts"].flatMap {
      Checkout.files(in: $0, withExtensions: ["swift", "py", "c", "h"])
    }
    var count = 0
    for file in files where file.path != #filePath {
      let text = try Checkout.text(of: file)
      for section in numbers(after: "Algorithm ", in: text) {
        #expect(headings.contains(section), "\(file.lastPathComponent): \(section)")
        count += 1
      }
      for trap in numbers(after: "Algorithm, trap ", in: text) {
        #expect(traps.contains(trap), "\(file.lastPathComponent): trap \(trap)")
      }
    }
    #expect(count >= 10)
  }

  @Test("Pages, pictures and files that pages name exist")
  func links() throws {
    let resources = Checkout.files(in: "\(Self.catalogue)/Resources", withExtensions: ["png"])
    var pictures: Set<String> = []
    for page in Checkout.files(in: Self.catalogue, withExtensions: ["md"]) {
      let text = try Checkout.text(of: page)
      for picture in text.components(separatedBy: "![").dropFirst() {
        pictures.formUnion(Self.all(after: "](", in: picture) { $0 != ")" }.prefix(1))
      }
      let words = text.split { !($0.isLetter || $0.isNumber || "/._-".contains($0)) }
      for word in words where ["Scripts/", "Weights/", "Tests/"].contains(where: word.hasPrefix) {
        let path = Self.number(String(word))
        #expect(
          Self.exists("../../../\(path)", beside: page), "\(page.lastPathComponent): \(path)")
      }
    }
    #expect(pictures == Set(resources.map { $0.deletingPathExtension().lastPathComponent }))

    for name in ["README.md", "Weights/README.md"] {
      for path in Self.all(after: "](", in: try Self.page(name), while: { $0 != ")" && $0 != "#" })
      where !path.contains(":") {
        #expect(
          Self.exists(path, beside: Checkout.root.appending(path: name)), "\(name): \(path)")
      }
    }
  }

  @Test("The README says of the model what its card says")
  func headline() throws {
    let figures = try ["README.md", "Weights/README.md"].map { name in
      try #require(
        try Self.page(name).firstMatch(of: /(\d+) of (\d+) questions \((\d+\.\d) %\)/), "\(name)")
    }
    #expect(figures[0].0 == figures[1].0)
    let (right, asked) = (try #require(Double(figures[0].1)), try #require(Double(figures[0].2)))
    let share = try #require(Double(figures[0].3))
    #expect(abs(right / asked * 100 - share) < 0.0501)
  }

  @Test("The map of the tree has every folder of the library")
  func tree() throws {
    let page = try Self.page("\(Self.catalogue)/Contributing.md")
    let folders = Checkout.files(in: "Sources/FlexVLM", withExtensions: [""])
      .filter { $0.deletingLastPathComponent().lastPathComponent == "FlexVLM" }
    #expect(folders.count > 10)
    for folder in folders {
      #expect(page.contains("\n      \(folder.lastPathComponent)/ "), "\(folder.lastPathComponent)")
    }
  }
}
