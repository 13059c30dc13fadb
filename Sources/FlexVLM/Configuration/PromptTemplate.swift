/// The text around a question, with the places `<image>` and `{question}`: the bare conversation in
/// which a model was trained. What a benchmark asks besides its question belongs to the question.
public enum PromptTemplate {
  /// LLaVA's request for an answer that scorers can match.
  static let shortAnswer = "Answer the question using a single word or phrase."
  private static let questionPlace = "{question}"

  /// What keeps a text from being a template, such as "does not name <image> exactly once".
  public static func fault(in template: String) -> String? {
    [Tokenizer.imagePlace, questionPlace].first { place in
      template.unicodeScalars.ranges(of: place.unicodeScalars).count != 1
    }.map { "does not name \($0) exactly once" }
  }

  /// The template of a model file. Files from before benchmarks asked for short answers themselves
  /// end with that request.
  static func bare(_ template: String) -> String {
    template.replacing("\(questionPlace)\n\(shortAnswer)", with: questionPlace)
  }

  /// The prompt's parts around the image; one part without an image.
  static func parts(of template: String, question: String, withImage: Bool) -> [String] {
    var parts = Tokenizer.parts(of: template)
    if !withImage {
      // The line feed belongs to the image's place.
      parts = [parts[0] + parts[1].trimmingPrefix("\n")]
    }
    return parts.map { part in
      String(
        part.unicodeScalars.replacing(
          questionPlace.unicodeScalars, with: question.unicodeScalars))
    }
  }
}
