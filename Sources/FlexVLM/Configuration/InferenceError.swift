/// Why a request cannot be run.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// The prompt takes more positions than the model's context has.
  case promptTooLong(positions: Int, limit: Int)
  /// A text has so many bytes that it cannot fit in the context, whatever its tokens are.
  case textTooLong(bytes: Int, limit: Int)
  /// A question without a visible character.
  case blankQuestion
  /// An image was given, but the prompt has not exactly one place for it; or the other way round.
  case imagePlaces(found: Int, expected: Int)
  /// Earlier turns or a system message, for which the model's template has no place.
  case noConversation
  /// Scoring needs options with at least one token.
  case emptyOption(index: Int)
  /// A setting outside its range.
  case invalidSetting(name: String, value: String, range: String)
  /// Logits are NaN or infinite, so no token is likelier than another.
  case notANumber
  /// The system does not give the memory, in bytes, that the request needs.
  case outOfMemory(bytes: Int)
  /// The model's file lost its end while it was in use.
  case modelCutShort(path: String)

  public var description: String {
    switch self {
    case .promptTooLong(let positions, let limit):
      "the prompt takes \(positions) positions, but this model's context has \(limit); "
        + "ask a shorter question"
    case .textTooLong(let bytes, let limit):
      "the text has \(bytes) bytes, but this model's context holds \(limit) at most; "
        + "ask a shorter question"
    case .blankQuestion:
      "the question is blank"
    case .imagePlaces(let found, expected: 0):
      "the prompt has \(found) '<image>' where no image was given"
    case .imagePlaces(let found, _):
      "the prompt must have '<image>' exactly once, at the image's place; it has it \(found) times"
    case .noConversation:
      "this model answers single questions: its template has no place for earlier turns or a system "
        + "message; ask one question alone"
    case .emptyOption(let index):
      "option \(index + 1) is empty, so it cannot be scored"
    case .invalidSetting(let name, let value, let range):
      "the \(name) is \(value), not a number \(range)"
    case .notANumber:
      "the model computes no numbers (NaN or infinity), so its weights are damaged; "
        + "convert or copy it again"
    case .outOfMemory(let bytes):
      "this needs \(Memory.text(bytes)) of memory, more than the system gives; "
        + "end other programs or take a smaller model"
    case .modelCutShort(let path):
      "the model '\(path.printableInLine)' was cut short while in use; copy it again"
    }
  }
}
