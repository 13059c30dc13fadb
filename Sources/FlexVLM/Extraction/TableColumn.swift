/// One question that is asked about every image, and the name of its column.
package struct TableColumn: Sendable, Equatable {
  package let name: String
  /// After ``Query/cleaned(question:)``.
  package let question: String

  /// Reads "total=What is the total?".
  /// - Returns: nil without a name or a question.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let name = String(text[..<equals]).trimmed
    guard let question = Query.cleaned(question: String(text[text.index(after: equals)...])),
      !name.isEmpty
    else { return nil }
    (self.name, self.question) = (name, question.trimmed)
  }

  /// What the columns of its confidence are called.
  var confidenceNames: [String] { ["\(name)_confidence", "\(name)_first_probability"] }

  static let imageName = "image"
  /// The last column, which tells why answers are missing.
  package static let errorName = "error"

  /// The first name that two columns of a table would have, those of confidence counted; nil if there
  /// is none.
  package static func repeatedName(among columns: [TableColumn]) -> String? {
    var seen: Set = [imageName, errorName]
    return columns.flatMap { [$0.name] + $0.confidenceNames }.first { !seen.insert($0).inserted }
  }
}

extension BenchmarkData {
  /// The same questions about each of several images, put as they stand; image after image.
  ///
  /// - Parameter images: paths; what is no image is found out when it is asked about.
  package init(_ columns: [TableColumn], images: [String]) {
    let samples = images.flatMap { image in
      columns.map { column in
        BenchmarkSample(
          id: .text(image), image: .file([image], in: nil), question: column.question,
          prompt: column.question)
      }
    }
    self.init(
      benchmark: .jsonl, samples: samples, protocolText: "the same questions about every image")
  }
}
