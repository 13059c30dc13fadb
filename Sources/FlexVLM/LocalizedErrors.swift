#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

// What Foundation's `localizedDescription` shows is the description, and not "error 0".

extension ImageError: LocalizedError {
  public var errorDescription: String? { description }
}

extension WeightsError: LocalizedError {
  public var errorDescription: String? { description }
}

extension InferenceError: LocalizedError {
  public var errorDescription: String? { description }
}
