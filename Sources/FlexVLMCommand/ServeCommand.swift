import FlexVLM
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `flexvlm serve`: checks the options, then becomes the program that serves.
///
/// It is a program of its own, since its HTTP library is fetched and built for those alone who ask.
enum ServeCommand {
  static let program = "flexvlm-serve"
  private static let keyVariable = "FLEXVLM_API_KEY"
  /// In bytes; what the system's pipes hold at least.
  private static let settingsLimit = 1 << 16

  static func run(_ request: ServeRequest) throws(CommandError) {
    let location = ModelLocation.current
    let settings = try settings(of: request, location)
    let path = location.programFolder.appending(path: program).path
    guard unsafe access(path, X_OK) == 0 else {
      throw CommandError(
        "There is no '\(program)' beside flexvlm, which serves; 'swift build -c release --traits "
          + "Serve' builds it.", .unavailable)
    }
    try become(path, input: settings)
  }

  /// What the options come to, with the model found and the key read.
  static func settings(
    of request: ServeRequest, _ location: ModelLocation
  ) throws(CommandError) -> ServerSettings {
    var settings = request.server
    settings.apiKey = try key(request.keyFile, location.environment[keyVariable])
    guard settings.apiKey != nil || isOwn(settings.host) else {
      throw CommandError(
        "Serving at '\(settings.host)', where other machines may reach it, needs a key: give "
          + "'--api-key-file <file>' or set \(keyVariable).", .usage)
    }
    if let folder = settings.mediaPath {
      var status = stat()
      guard unsafe stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw CommandError("There is no folder '\(folder)' for '--media-path'.", .noInput)
      }
    }
    settings.model = try location.path(named: request.engine.model)
    settings.projector = request.engine.projector
    settings.promptTemplate = request.engine.promptTemplate
    settings.threads = request.engine.threads
    try request.engine.checkPrecision()
    settings.precision = request.engine.precision
    return settings
  }

  private static func key(
    _ file: String?, _ variable: String?
  ) throws(CommandError) -> String? {
    var key = variable
    if let file { key = try TextFile.read(file).trimmed }
    guard let key else { return nil }
    // What a header can carry.
    guard (1...4096).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw CommandError(
        "The key in \(file.map { "'\($0)'" } ?? keyVariable) is not one word of ASCII characters.",
        .dataError)
    }
    return key
  }

  /// Whether an address is reached from this machine alone.
  private static func isOwn(_ host: String) -> Bool {
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return host == "localhost" || host == "::1"
      || bytes.count == 4 && !bytes.contains(nil) && bytes[0] == 127
  }

  /// Replaces this program by another one, which reads `settings` from its standard input.
  private static func become(_ path: String, input settings: ServerSettings) throws(CommandError) {
    guard let json = try? JSONEncoder().encode(settings), json.count <= settingsLimit else {
      throw CommandError("The options are too long.", .usage)
    }
    var ends: [Int32] = [0, 0]
    if unsafe pipe(&ends) == 0, unsafe write(ends[1], Array(json), json.count) == json.count,
      dup2(ends[0], STDIN_FILENO) == STDIN_FILENO
    {
      close(ends[0])
      close(ends[1])
      _ = unsafe program.withCString { name in
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
          UnsafeMutablePointer(mutating: name), nil,
        ]
        return unsafe execv(path, &arguments)
      }
    }
    throw CommandError(
      "Cannot start '\(path)': \(unsafe String(cString: strerror(errno))).", .unavailable)
  }
}
