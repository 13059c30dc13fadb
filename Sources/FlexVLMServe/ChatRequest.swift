package import FlexVLM

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The body of `POST /v1/chat/completions`, checked.
package struct ChatRequest: Sendable, Equatable {
  package var model: String
  package var conversation: Conversation
  /// Where the image is: a data URI or another address; nil for text alone.
  package var imageAddress: String?
  package var options = GenerationOptions()
  /// Texts that end the answer and do not belong to it, at most four.
  package var stops: [String] = []
  package var streams = false
  /// Whether a stream tells the number of tokens at its end.
  package var includesUsage = false
  /// Tokens to list at each place besides the one taken; nil lists none at all.
  package var topLogprobs: Int?
  /// Whether the reply shows where the model looked, as a picture.
  package var wantsHeatmap = false

  /// - Throws: ``APIError`` that names the first field at fault.
  package init(json: [UInt8]) throws(APIError) {
    do {
      self = try JSONDecoder().decode(ChatRequest.self, from: Data(json))
    } catch let error as APIError {
      throw error
    } catch {
      throw Self.fault(error)
    }
  }

  private static func fault(_ error: any Error) -> APIError {
    func name(_ path: [any CodingKey]) -> String {
      path.reduce("") { name, key in
        if let index = key.intValue { return "\(name)[\(index)]" }
        return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
      }
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      let path = name(context.codingPath + [key])
      return .invalid(path, "'\(path)' is missing.")
    case .typeMismatch(_, let context) where !context.codingPath.isEmpty,
      .valueNotFound(_, let context) where !context.codingPath.isEmpty,
      .dataCorrupted(let context) where !context.codingPath.isEmpty:
      let path = name(context.codingPath)
      return .wrongType(path)
    default:
      return APIError(400, "The body is not a JSON object.", code: "invalid_json")
    }
  }
}
