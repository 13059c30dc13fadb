import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The token-by-token record of one answer, for checks by other programs.
struct Trace: Encodable {
  struct Step: Encodable {
    let token: Int
    let text: String
    /// Five pairs of id and logit, the highest first.
    let top: [Pair]
    /// Of each selecting layer the cells it chose, "0" or "1" each, row-major.
    let cells: [String: String]
  }

  /// Encodes as a JSON array, [id, logit].
  struct Pair: Encodable {
    let id: Int
    let logit: Float

    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      try container.encode(id)
      try container.encode(logit)
    }
  }

  let modelFileType: String
  let inputIds: [Int]
  /// First position of the image and the one after its last; absent without an image.
  let imageTokenRange: [Int]?
  let steps: [Step]

  init(_ answer: Answer, model: VisionLanguageModel) {
    modelFileType = model.fileType
    inputIds = answer.promptTokens
    imageTokenRange = answer.imageRange.map { [$0.lowerBound, $0.upperBound] }
    steps = answer.steps.map { step in
      Step(
        token: step.token, text: step.text,
        top: step.top.map { Pair(id: $0.id, logit: $0.logit) },
        cells: step.selections.cellStrings)
    }
  }
}

extension [LayerSelection] {
  /// Each layer's cells by its number.
  var cellStrings: [String: String] {
    Dictionary(uniqueKeysWithValues: map { ("\($0.layer)", $0.cells.description) })
  }
}

enum JSON {
  /// One line of JSON: keys in snake case and in order, so that equal runs give equal lines.
  static func line(_ value: some Encodable) throws(CommandError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // A damaged model's logits may not be numbers; the trace must show that, not fail.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self).printableJSON + "\n"
    } catch {
      throw CommandError("The result cannot be written as JSON: \(error).", .software)
    }
  }
}
