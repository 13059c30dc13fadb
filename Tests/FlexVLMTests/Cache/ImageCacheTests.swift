import Foundation
import Testing

@testable import FlexVLM

/// What is kept of images on disk: taken over, it must change no answer.
@Suite struct ImageCacheTests {
  static let names = ["tiny-a", "tiny-b", "tiny-d", "tiny-e-gqa"]
  static let questions = ["What is it?", "What is it, then?"]

  private func open(_ name: String) throws -> (VisionLanguageModel, RGBImage) {
    (
      try VisionLanguageModel(
        contentsOfFile: Fixture.path("parity/\(name)/model.gguf"), threads: 2,
        precision: .float32),
      try RGBImage(contentsOfFile: Fixture.path("parity/\(name)/image.png"))
    )
  }

  private func ask(
    _ model: VisionLanguageModel, _ image: EncodedImage, _ question: String,
    policy: SelectionPolicy = .flex
  ) throws -> Answer {
    var options = GenerationOptions(maximumTokens: 5)
    options.selection.policy = policy
    return try model.ask(.question(question), about: image, options: options)
  }

  private func files(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .map { folder.path + "/" + $0 }
  }

  /// Asks one question and keeps the image.
  private func keep(
    _ name: String, mirrored: Bool = false, in folder: TemporaryFolder, limit: Int = 1 << 30
  ) throws {
    var (model, picture) = try open(name)
    if mirrored {
      picture = RGBImage(
        width: picture.width, height: picture.height, pixels: picture.pixels.reversed())
    }
    let image = try model.encode(picture, cache: try ImageCache(folder: folder.path, limit: limit))
    _ = try ask(model, image, Self.questions[0])
    try image.store()
  }

  @Test("Another process' image answers as if it were this one's", arguments: names)
  func takenOver(name: String) throws {
    let folder = try TemporaryFolder()
    let cache = try ImageCache(folder: folder.path)
    let (model, picture) = try open(name)
    let first = try model.encode(picture, cache: cache)
    _ = try ask(model, first, Self.questions[0])
    try first.store()

    let (other, _) = try open(name)
    let again = try other.encode(picture, cache: cache)
    for question in Self.questions {
      let (a, b) = (try ask(model, first, question), try ask(other, again, question))
      #expect(a.steps.map(\.token) == b.steps.map(\.token))
      #expect(a.steps.map(\.selections) == b.steps.map(\.selections))
      #expect(a.steps.map { $0.top.map(\.logit) } == b.steps.map { $0.top.map(\.logit) })
      #expect(a.statistics.reusedPositions == b.statistics.reusedPositions)
      #expect(b.statistics.reusedPositions >= b.imageRange!.upperBound)
      if question == Self.questions[0] {
        #expect(b.statistics.encoderFLOPs == 0)
        #expect(a.statistics.projectedTokens == b.statistics.projectedTokens)
      }
    }
  }

  @Test("Other policies find what they need of a kept image", arguments: SelectionPolicy.allCases)
  func policies(policy: SelectionPolicy) throws {
    let folder = try TemporaryFolder()
    try keep("tiny-a", in: folder)
    let (model, picture) = try open("tiny-a")
    let kept = try model.encode(picture, cache: try ImageCache(folder: folder.path))
    let fresh = try model.encode(picture)
    let answers = try [kept, fresh].map { try ask(model, $0, Self.questions[1], policy: policy) }
    #expect(answers[0].steps.map(\.token) == answers[1].steps.map(\.token))
    #expect(
      answers[0].steps.map { $0.selections.map(\.cells) }
        == answers[1].steps.map { $0.selections.map(\.cells) })
  }

  @Test("A file is written where there is more to keep, and only then")
  func growth() throws {
    let folder = try TemporaryFolder()
    try keep("tiny-a", in: folder)
    let path = try files(folder)[0]
    let before = try Data(contentsOf: URL(filePath: path))
    let (model, picture) = try open("tiny-a")
    let image = try model.encode(picture, cache: try ImageCache(folder: folder.path))
    try FileManager.default.removeItem(atPath: path)
    try image.store()
    #expect(try files(folder).isEmpty)
    _ = try ask(model, image, Self.questions[0], policy: .all)
    try image.store()
    #expect(try Data(contentsOf: URL(filePath: path)).count > before.count)
  }

  @Test("Pixels, sides, model and arithmetic all make another file")
  func keys() throws {
    let folder = try TemporaryFolder()
    let cache = try ImageCache(folder: folder.path)
    let (model, _) = try open("tiny-a")
    let auto = try VisionLanguageModel(
      contentsOfFile: Fixture.path("parity/tiny-a/model.gguf"), precision: .auto)
    let paths = [
      cache.path(for: RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6]), model),
      cache.path(for: RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 7]), model),
      cache.path(for: RGBImage(width: 1, height: 2, pixels: [1, 2, 3, 4, 5, 6]), model),
      cache.path(for: RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6]), auto),
      cache.path(
        for: RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6]), try open("tiny-c").0),
    ]
    #expect(Set(paths).count == 5)
    #expect(
      cache.path(for: RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6]), model) == paths[0])
  }

  @Test(
    "A damaged file is as none, and is replaced",
    arguments: ["", "GGUF", "cut", "zeros", "foreign"])
  func damaged(kind: String) throws {
    let folder = try TemporaryFolder()
    try keep("tiny-a", in: folder)
    let path = try files(folder)[0]
    let sound = try Data(contentsOf: URL(filePath: path))
    let bytes: Data =
      switch kind {
      case "cut": sound.prefix(sound.count / 2)
      case "zeros": Data(count: sound.count)
      case "foreign":
        try Data(contentsOf: URL(filePath: Fixture.path("parity/tiny-a/model.gguf")))
      default: Data(kind.utf8)
      }
    try bytes.write(to: URL(filePath: path))

    let (model, picture) = try open("tiny-a")
    let image = try model.encode(picture, cache: try ImageCache(folder: folder.path))
    let fresh = try ask(model, try model.encode(picture), Self.questions[0])
    #expect(try ask(model, image, Self.questions[0]).steps.map(\.token) == fresh.steps.map(\.token))
    try image.store()
    #expect(try Data(contentsOf: URL(filePath: path)) == sound)
  }

  @Test("Parts of another shape are left out, whatever they claim")
  func wrongParts() throws {
    let folder = try TemporaryFolder()
    try keep("tiny-a", in: folder)
    let path = try files(folder)[0]
    var record = CacheRecord()
    record.add("prompt.ids", [1, -200, 5, 1 << 40])
    record.add("high.image_start", [1 << 40])
    record.add("high.9.rows", [0, 1 << 40])
    record.add("low.tokens", Matrix(rows: 1, columns: 3))
    try record.write(to: path)
    let (model, picture) = try open("tiny-a")
    let image = try model.encode(picture, cache: try ImageCache(folder: folder.path))
    let fresh = try ask(model, try model.encode(picture), Self.questions[0])
    #expect(try ask(model, image, Self.questions[0]).steps.map(\.token) == fresh.steps.map(\.token))
  }

  @Test("The folder stays within its limit: what was not used for longest goes")
  func limit() throws {
    let folder = try TemporaryFolder()
    try keep("tiny-a", in: folder)
    let first = try files(folder)[0]
    let size = try Data(contentsOf: URL(filePath: first)).count
    try FileManager.default.setAttributes(
      [.modificationDate: Date.now - 100], ofItemAtPath: first)
    _ = try folder.write("not ours", to: "notes.txt")
    try keep("tiny-a", mirrored: true, in: folder, limit: size * 3 / 2)
    let left = try files(folder)
    #expect(left.count == 2 && !left.contains(first))
    #expect(left.contains { $0.hasSuffix("notes.txt") })
  }

  @Test("Rows as bounds: only ascending runs below the limit")
  func bounds() {
    #expect(RowRuns(bounds: [0, 2, 5, 9], limit: 9)?.ranges == [0..<2, 5..<9])
    #expect(RowRuns(bounds: [], limit: 9)?.count == 0)
    for wrong in [[0], [2, 1], [0, 10], [-1, 2], [3, 5, 4, 6], [0, 0]] {
      #expect(RowRuns(bounds: wrong, limit: 9) == nil)
    }
  }

  @Test("A folder that cannot be made is told")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("text", to: "file")
    #expect(throws: CacheError.self) { try ImageCache(folder: file + "/below") }
  }
}
