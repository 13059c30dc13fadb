#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

// V*Bench: subsets with a file for each question, or Hugging Face's one file with letters.

extension BenchmarkReader {
  private struct VStarItem: Decodable {
    let question: String
    let options: [String]
  }

  /// Subsets in the order in which the benchmark reports them.
  private static let vStarSubsets = [
    "direct_attributes", "relative_position", "GPT4V-hard", "OCR",
  ]

  func vStar() throws(EvaluationError) -> [BenchmarkSample] {
    let path = try onlyFile()
    let questions = "\(path)/test_questions.jsonl"
    guard FileManager.default.isFolder(path) || !FileManager.default.fileExists(atPath: path) else {
      return try letterQuestions(path)
    }
    var subsets = Self.vStarSubsets.filter { FileManager.default.isFolder("\(path)/\($0)") }
    if subsets.isEmpty { subsets = [""] }
    let folder = try imageFolder(orElse: path)
    var samples: [BenchmarkSample] = []
    for subset in subsets { samples += try vStarSubset(subset, of: path, folder) }
    // Copies of Hugging Face's data set may have the images alone in the subsets.
    return samples.isEmpty && FileManager.default.fileExists(atPath: questions)
      ? try letterQuestions(questions) : samples
  }

  /// - Parameters:
  ///   - subset: a folder in the benchmark's, or the empty text for the folder itself.
  ///   - images: laid out as the benchmark's folder.
  private func vStarSubset(
    _ subset: String, of benchmark: String, _ images: ImageFolder
  ) throws(EvaluationError) -> [BenchmarkSample] {
    let path = subset.isEmpty ? benchmark : "\(benchmark)/\(subset)"
    let group = URL(filePath: path).lastPathComponent
    var samples: [BenchmarkSample] = []
    for name in try names(in: path) where name.hasSuffix(".json") {
      let file = "\(path)/\(name)"
      let item = try JSONFile.decode(VStarItem.self, from: file)
      guard item.options.count >= 2, item.options.allSatisfy({ $0.contains { !$0.isWhitespace } })
      else {
        throw .malformed(
          file: file, place: "options", problem: "expected two or more, none empty")
      }
      let question = try question(item.question, file, "question")
      let (stem, image) = (Self.stem(name), Self.stem(name) + ".jpg")
      samples.append(
        BenchmarkSample(
          id: .text("\(group)/\(stem)"),
          image: .file(
            [subset.isEmpty ? image : "\(subset)/\(image)", "\(group)/\(image)"], in: images),
          question: question,
          prompt: options.optionProtocol == .flex ? withShortAnswer(question) : question,
          options: item.options, truths: [item.options[0]], groups: [group]))
    }
    return samples
  }

  /// V*Bench as Hugging Face has it: options with letters in the text, the right letter as label.
  private func letterQuestions(_ file: String) throws(EvaluationError) -> [BenchmarkSample] {
    let folder = try imageFolder(
      orElse: URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false))
    let entries = try JSONFile.decodeEntries(QuestionEntry.self, from: file)
    var samples = try questions(entries, in: folder, file)
    for index in samples.indices {
      guard LetterChoice(samples[index].prompt).has(samples[index].truths) else {
        throw .malformed(
          file: file, place: "line \(entries[index].line), label",
          problem: "expected the letter of an option in the text, such as (A)")
      }
      samples[index].asksForLetter = true
    }
    return samples
  }
}
