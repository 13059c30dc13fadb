/// Questions and answers of which each sees those before it, at most one image among them.
///
/// Only models whose template is LLaVA's conversation know it; see ``PromptTemplate/isConversation(_:)``.
public struct Conversation: Sendable, Equatable {
  /// A question and what was answered to it.
  public struct Turn: Sendable, Equatable {
    public var question: String
    /// Nil for the question that is to be answered, the last one.
    public var answer: String?
    /// Whether the image stands before this question.
    public var hasImage: Bool

    public init(question: String, answer: String? = nil, hasImage: Bool = false) {
      self.question = question
      self.answer = answer
      self.hasImage = hasImage
    }
  }

  /// Takes the place of what the template says before the first question; nil leaves that.
  public var system: String?
  public var turns: [Turn]

  public init(system: String? = nil, turns: [Turn]) {
    self.system = system
    self.turns = turns
  }
}

extension PromptTemplate {
  private static let question = "USER: <image>\n{question} ASSISTANT:"

  /// Whether earlier turns and a system message have a place in a template.
  public static func isConversation(_ template: String) -> Bool { template.hasSuffix(question) }

  /// The parts of each turn around the image, the first with the system message before it; between
  /// turns stands the model's end token, as LLaVA was trained (its `conv_vicuna_v1`).
  ///
  /// - Returns: nil where the template is no conversation.
  static func turns(of template: String, _ conversation: Conversation) -> [[String]]? {
    guard isConversation(template) else { return nil }
    let own = template.dropLast(question.count)
    let system = conversation.system.map { $0.isEmpty ? "" : $0 + " " } ?? String(own)
    return conversation.turns.enumerated().map { index, turn in
      let start = (index == 0 ? system : "") + "USER: "
      let end = turn.question + " ASSISTANT:" + (turn.answer.map { " " + $0 } ?? "")
      return turn.hasImage ? [start, "\n" + end] : [start + end]
    }
  }
}
