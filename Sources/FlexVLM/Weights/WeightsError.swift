/// Why a model file cannot be used.
public enum WeightsError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or mapped.
  case cannotOpen(path: String, reason: String)
  /// The file cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The bytes are not a GGUF file that this program reads: what is wrong, at which byte.
  case malformed(path: String, offset: Int, reason: String)
  /// One file of a pair without the other: what is missing.
  case unpaired(path: String, missing: String)
  /// A well-formed GGUF file that is not a complete model of this family; every fault is listed.
  case unusable(path: String, faults: [String])

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open the model '\(path)': \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write the model '\(path)': \(reason)"
    case .malformed(let path, let offset, let reason):
      "'\(path)' is not a usable GGUF file: \(reason) (at byte \(offset)). "
        + "If it was copied or downloaded, do that again; Scripts/convert.py makes a new one."
    case .unpaired(let path, let missing):
      "'\(path)' is one half of a llama.cpp pair and lacks \(missing) (--mmproj)"
    case .unusable(let path, let faults):
      "'\(path)' does not hold a model that flexvlm can run:\n"
        + faults.prefix(20).map { "  - \($0)" }.joined(separator: "\n")
        + (faults.count > 20 ? "\n  - and \(faults.count - 20) more" : "")
        + "\nConvert the checkpoint again with Scripts/convert.py."
    }
  }
}
