/// Why a model file cannot be used.
public enum WeightsError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or mapped.
  case cannotOpen(path: String, reason: String)
  /// The place of a file that Git LFS has not fetched.
  case gitLFSPointer(path: String)
  /// A sound file that is no model for this program: what it is.
  case foreign(path: String, kind: String)
  /// The file cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The bytes are not a GGUF file that this program reads: what is wrong, at which byte.
  case malformed(path: String, offset: Int, reason: String)
  /// One file of a pair without the other: what is missing.
  case unpaired(path: String, missing: String)
  /// A well-formed GGUF file that is not a complete model of this family; every fault is listed.
  case unusable(path: String, faults: [String])
  /// The system does not give the memory, in bytes, that the model's tables need.
  case outOfMemory(path: String, bytes: Int)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open the model '\(path.printableInLine)': \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write the model '\(path.printableInLine)': \(reason)"
    case .gitLFSPointer(let path):
      "'\(path.printableInLine)' is a Git LFS pointer, not the model itself; run 'git lfs pull'"
    case .foreign(let path, let kind):
      "'\(path.printableInLine)' is \(kind); Scripts/convert.py makes a model file from a checkpoint"
    case .malformed(let path, let offset, let reason):
      "'\(path.printableInLine)' is not a usable GGUF file: \(reason) (at byte \(offset)). "
        + "If it was copied or downloaded, do that again; Scripts/convert.py makes a new one."
    case .unpaired(let path, let missing):
      "'\(path.printableInLine)' is one half of a llama.cpp pair and lacks \(missing) (--mmproj)"
    case .unusable(let path, let faults):
      "'\(path.printableInLine)' does not hold a model that flexvlm can run:\n"
        + faults.prefix(20).map { "  - \($0)" }.joined(separator: "\n")
        + (faults.count > 20 ? "\n  - and \(faults.count - 20) more" : "")
        + "\nConvert the checkpoint again with Scripts/convert.py."
    case .outOfMemory(let path, let bytes):
      "the model '\(path.printableInLine)' needs \(Memory.text(bytes)) of memory for its tables, "
        + "more than the system gives"
    }
  }
}

extension WeightsError {
  /// Maps a file or memory.
  /// - Throws: ``cannotOpen(path:reason:)``
  static func mapping(
    _ body: () throws(MappingError) -> MappedFile
  ) throws(WeightsError) -> MappedFile {
    do {
      return try body()
    } catch {
      throw .cannotOpen(path: error.path, reason: error.reason)
    }
  }
}
