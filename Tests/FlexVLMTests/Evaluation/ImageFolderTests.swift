import Foundation
import Testing

@testable import FlexVLM

@Suite struct ImageFolderTests {
  @Test(
    "A name finds its file with another case, extension or none",
    arguments: [
      ("a.jpg", "a.jpg"), ("A.JPG", "a.jpg"), ("a", "a.jpg"), ("b.jpg", "b.PNG"), ("b", "b.PNG"),
      ("c.jpg", "c"), ("d.png", "d.tiff"), ("e.jpg", "e.jpg.WebP"), ("f.v2", "f.v2.jpeg"),
      ("both.png", "both.png"), ("both", "both.jpg"), ("s/g.png", "s/G.jpg"),
      ("./a.jpg", "./a.jpg"),
      ("s", nil), ("gone.jpg", nil), ("h", nil), (".h", nil), ("none/a.jpg", nil),
    ] as [(String, String?)])
  func names(name: String, expected: String?) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/s", withIntermediateDirectories: true)
    for file in [
      "a.jpg", "b.PNG", "c", "d.tiff", "e.jpg.WebP", "f.v2.jpeg", "both.png", "both.jpg", "s/G.jpg",
      "._gone.jpg", ".h.jpg",
    ] {
      _ = try folder.write("", to: file)
    }
    let found = try ImageFolder(folder.path).file(named: name)
    #expect(found == expected.map { "\(folder.path)/\($0)" })
  }

  @Test("What is no folder is refused before anything is read")
  func faults() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "file")
    for (benchmark, annotations) in [
      (Benchmark.docvqa, "docvqa_val.json"), (.vstar, "vstar"), (.pope, "coco_pope_random.json"),
    ] {
      #expect(throws: EvaluationError.self) {
        try BenchmarkData(
          benchmark, annotations: [Fixture.path("benchmarks/\(annotations)")],
          images: "\(folder.path)/gone")
      }
    }
    for (path, reason) in [
      (file, "it is not a folder"), ("\(folder.path)/gone", "there is no such folder"),
      ("", "there is no such folder"),
    ] {
      let error = #expect(throws: EvaluationError.self) {
        try BenchmarkData(
          .docvqa, annotations: [Fixture.path("benchmarks/docvqa_val.json")], images: path)
      }
      #expect(error == .unreadable(path: path, reason: reason))
    }
  }

  @Test("A name's extension is added only where it has none of an image")
  func defaultExtension() {
    for (name, expected) in [
      ("a", "a.jpg"), ("a.JPG", "a.JPG"), ("a.tif", "a.tif"), ("a.1", "a.1.jpg"),
    ] {
      #expect(ImageFolder.name(name, defaultExtension: "jpg") == expected)
    }
  }
}
