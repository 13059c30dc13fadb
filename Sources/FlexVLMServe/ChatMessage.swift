package import FlexVLM

/// One message of a conversation: who says it, and its text and images.
struct ChatMessage: Decodable {
  private enum Keys: String, CodingKey { case role, content }

  let role: String
  private(set) var texts: [String] = []
  private(set) var images: [ImagePart] = []

  /// An image and how closely it is to be looked at.
  struct ImagePart: Decodable {
    enum Detail: String, Decodable { case auto, low, high }

    let url: String
    let detail: Detail?
  }

  var text: String { texts.joined(separator: "\n") }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Keys.self)
    role = try fields.decode(String.self, forKey: .role)
    if let text = try? fields.decode(String.self, forKey: .content) {
      texts = [text]
      return
    }
    for part in try fields.decode([Part].self, forKey: .content) {
      switch part {
      case .text(let text): texts.append(text)
      case .image(let image): images.append(image)
      }
    }
  }

  private enum Part: Decodable {
    case text(String)
    case image(ImagePart)

    private enum Keys: String, CodingKey {
      case type, text
      case image = "image_url"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Keys.self)
      switch try fields.decode(String.self, forKey: .type) {
      case "text": self = .text(try fields.decode(String.self, forKey: .text))
      case "image_url": self = .image(try fields.decode(ImagePart.self, forKey: .image))
      case let type:
        throw APIError.invalid(
          "messages",
          "Content of type '\(type.prefix(32).printableInLine)' is not supported; give text and "
            + "image_url.")
      }
    }
  }
}

extension Conversation {
  /// - Returns: the conversation, and its image where it has one.
  /// - Throws: ``APIError`` for messages that do not take turns, or that have several images.
  static func read(
    _ messages: [ChatMessage]
  ) throws(APIError) -> (Conversation, ChatMessage.ImagePart?) {
    var conversation = Conversation(turns: [])
    var rest = messages[...]
    if let first = rest.first, ["system", "developer"].contains(first.role) {
      guard first.images.isEmpty else {
        throw .invalid("messages", "A system message has text alone.")
      }
      conversation.system = first.text
      rest.removeFirst()
    }
    for message in rest {
      let isAnswered = conversation.turns.last.map { $0.answer != nil } ?? true
      switch message.role {
      case "user" where isAnswered:
        conversation.turns.append(
          Turn(question: message.text, hasImage: !message.images.isEmpty))
      case "assistant" where !isAnswered && message.images.isEmpty:
        conversation.turns[conversation.turns.count - 1].answer = message.text
      case "user", "assistant", "system", "developer":
        throw .invalid(
          "messages",
          "Messages must be one of the system, if any, then the user's and the assistant's in turn."
        )
      case let role:
        throw .invalid(
          "messages", "The role '\(role.prefix(32).printableInLine)' is not supported here.")
      }
    }
    guard let last = conversation.turns.last, last.answer == nil else {
      throw .invalid("messages", "The last message must be the user's.")
    }
    let images = rest.flatMap(\.images)
    guard images.count <= 1 else {
      throw .invalid(
        "messages", "A conversation is about one image, not \(images.count); send one.")
    }
    return (conversation, images.first)
  }

  /// A question alone goes into any model's template.
  package var query: Query {
    system == nil && turns.count == 1 ? .question(turns[0].question) : .conversation(self)
  }
}
