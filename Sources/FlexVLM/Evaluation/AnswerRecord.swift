#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// One line of an answers file: LLaVA's fields, which its scripts read, and ours under `metadata`.
package struct AnswerRecord: Sendable, Equatable, Codable {
  package var questionID: SampleID
  /// The question as it was put, without the model's template.
  package var prompt: String
  package var text: String
  package var answerID: String?
  package var modelID: String?
  package var metadata: Metadata?

  /// What flexvlm adds; empty in other tools' files.
  package struct Metadata: Sendable, Equatable, Codable {
    /// Position among the data set's questions, from 0; the questions of all files are counted.
    package var index: Int?
    package var image: String?
    /// Tokens of the answer, the end token included.
    package var tokens: Int?
    /// ``Confidence/mean`` of the answer, of the likeliest option where options are compared.
    package var confidence: Double?
    /// ``Confidence/first``.
    package var firstProbability: Double?
    /// Of the cells that layers could choose over all tokens, the part that they chose.
    package var selectedShare: Double?
    /// For each cell, row by row, how often a layer chose it.
    package var cells: [Int]?
    /// How often each cell could be chosen: selecting layers x tokens.
    package var selections: Int?
    /// Loss of each option, rounded to six decimals.
    package var losses: [Double]?
    /// Why there is no answer: the image could not be read or the prompt is too long.
    package var error: String?

    enum CodingKeys: String, CodingKey {
      case index, image, tokens, confidence, cells, selections, losses, error
      case firstProbability = "first_probability"
      case selectedShare = "selected_share"
    }

    package init() {}
  }

  enum CodingKeys: String, CodingKey {
    case prompt, text, metadata
    case questionID = "question_id"
    case answerID = "answer_id"
    case modelID = "model_id"
  }

  package init(
    questionID: SampleID, prompt: String, text: String, answerID: String, modelID: String,
    metadata: Metadata
  ) {
    self.questionID = questionID
    self.prompt = prompt
    self.text = text
    self.answerID = answerID
    self.modelID = modelID
    self.metadata = metadata
  }

  /// What other tools call the fields, such as DocVQA's submissions.
  private enum OtherKeys: String, CodingKey {
    case questionId, id, answer
  }

  package init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let other = try decoder.container(keyedBy: OtherKeys.self)
    if let key = [OtherKeys.questionId, .id].first(where: other.contains),
      !container.contains(.questionID)
    {
      questionID = try other.decode(SampleID.self, forKey: key)
    } else {
      questionID = try container.decode(SampleID.self, forKey: .questionID)
    }
    let answer =
      !container.contains(.text) && other.contains(.answer)
      ? try other.decode(TextList.self, forKey: .answer)
      : try container.decode(TextList.self, forKey: .text)
    text = answer.texts.first ?? ""
    prompt = try container.decodeIfPresent(String.self, forKey: .prompt) ?? ""
    // Other tools put what they like here.
    answerID = try? container.decode(String.self, forKey: .answerID)
    modelID = try? container.decode(String.self, forKey: .modelID)
    metadata = try? container.decode(Metadata.self, forKey: .metadata)
  }

  /// Whether there is no answer, and ``Metadata/error`` says why.
  package var hasFailed: Bool { metadata?.error != nil }

  /// The line with its end; equal records give equal lines.
  package var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Nothing here can fail to encode: losses that are no numbers are left out.
    guard let data = try? encoder.encode(self) else { preconditionFailure("record not encodable") }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Reads an answers file of flexvlm, LLaVA or FlexAttention, a submission's list, or an object of
  /// answers by id.
  /// - Throws: ``EvaluationError``
  package static func read(
    contentsOfFile path: String
  ) throws(EvaluationError) -> [(line: Int, value: AnswerRecord)] {
    do throws(EvaluationError) {
      return try JSONFile.decodeEntries(AnswerRecord.self, from: path)
    } catch {
      // What a file of lines has wrong is better told than that it is no object either.
      guard let answers = try? JSONFile.decode([String: TextList].self, from: path),
        !answers.isEmpty
      else { throw error }
      return answers.sorted { $0.key < $1.key }.enumerated().map { place, entry in
        (place + 1, AnswerRecord(questionID: .text(entry.key), text: entry.value.texts.first ?? ""))
      }
    }
  }

  private init(questionID: SampleID, text: String) {
    (self.questionID, self.text, prompt) = (questionID, text, "")
  }
}
