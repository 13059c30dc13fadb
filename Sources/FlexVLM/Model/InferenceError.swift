/// Why a request cannot be run.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// The prompt takes more positions than the model's context has.
  case promptTooLong(positions: Int, limit: Int)
  /// An image was given, but the prompt has not exactly one place for it; or the other way round.
  case imagePlaces(found: Int, expected: Int)
  /// Scoring needs options with at least one token.
  case emptyOption(index: Int)

  public var description: String {
    switch self {
    case .promptTooLong(let positions, let limit):
      "the prompt takes \(positions) positions, but this model's context has \(limit); "
        + "ask a shorter question"
    case .imagePlaces(let found, expected: 0):
      "the prompt has \(found) '<image>' where no image was given"
    case .imagePlaces(let found, _):
      "the prompt must have '<image>' exactly once, at the image's place; it has it \(found) times"
    case .emptyOption(let index):
      "option \(index + 1) is empty, so it cannot be scored"
    }
  }
}
