import CEditLine
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lines that the user types, with editing and a history that outlives the program; or lines from a
/// pipe, without a prompt.
struct LineReader {
  let isInteractive: Bool
  private let historyFile: String?
  private static let historyLimit: Int32 = 1000

  /// - Parameter environment: says where the history is kept: `XDG_STATE_HOME/flexvlm/history`.
  init(isInteractive: Bool, environment: [String: String]) {
    self.isInteractive = isInteractive
    historyFile = isInteractive ? Self.historyFile(environment) : nil
    if isInteractive {
      using_history()
      stifle_history(Self.historyLimit)
    }
    if let historyFile { unsafe read_history(historyFile) }
  }

  /// By the XDG base directory specification; nil without a home.
  static func historyFile(_ environment: [String: String]) -> String? {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return state + "/flexvlm/history"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/flexvlm/history"
  }

  /// The next line that is not blank, without white space around it; nil at the end of the input.
  func next() -> String? {
    while let line = isInteractive ? edited() : readLine() {
      let text = line.trimmingPrefix(while: \.isWhitespace)
      guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { continue }
      if isInteractive { unsafe add_history(String(text[...end])) }
      return String(text[...end])
    }
    return nil
  }

  private func edited() -> String? {
    guard let line = unsafe readline("> ") else { return nil }
    defer { unsafe free(line) }
    return unsafe String(cString: line)
  }

  /// Keeps the history; one that cannot be written is let go.
  func close() {
    guard let historyFile else { return }
    let folder = URL(filePath: historyFile).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    unsafe write_history(historyFile)
  }
}
