import CEditLine
import FlexVLM
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
  /// Of the line that `next` gave last, from 1.
  private(set) var number = 0
  private let historyFile: String?
  private static let historyLimit: Int32 = 1000

  /// - Parameter environment: says where the history is kept: `XDG_STATE_HOME/flexvlm/history`.
  init(isInteractive: Bool, environment: [String: String]) {
    self.isInteractive = isInteractive
    historyFile = isInteractive ? Self.historyFile(environment) : nil
    if isInteractive {
      // Editline asks the locale which characters can be typed.
      unsafe setlocale(LC_CTYPE, "C.UTF-8")
      unsafe editline_take_characters_from { _ in LineReader.nextCharacter() }
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

  /// The next line that is not blank, without white space or byte order marks around it; nil at the
  /// end of the input.
  mutating func next() -> String? {
    while let line = isInteractive ? edited() : readLine() {
      number += 1
      let text = line.trimmed
      if text.isEmpty { continue }
      if isInteractive { remember(text) }
      return text
    }
    return nil
  }

  /// A line; Ctrl-C gives up the one being typed.
  private func edited() -> String? {
    while true {
      Interruption.forgetRequest()
      if let line = unsafe readline("> ") {
        defer { unsafe free(line) }
        return unsafe String(cString: line)
      }
      print()
      guard Interruption.isRequested else { return nil }
    }
  }

  /// A character from the terminal as editline wants it; -1 at the end, or after a Ctrl-C.
  ///
  /// The signal goes to another thread, so it does not end a read that waits for a key.
  private static func nextCharacter() -> Int32 {
    var bytes: [UInt8] = []
    while true {
      var key = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let isReady = unsafe poll(&key, 1, 100) > 0
      if Interruption.isRequested { return -1 }
      var byte: UInt8 = 0
      guard isReady else { continue }
      guard unsafe read(STDIN_FILENO, &byte, 1) == 1 else { return -1 }
      bytes.append(byte)
      let text = String(validating: bytes, as: UTF8.self)
      if let scalar = text?.unicodeScalars.first { return Int32(scalar.value) }
      // Not UTF-8: no character has more than four bytes.
      if bytes.count == 4 { return Int32(bytes[0]) }
    }
  }

  /// Adds a line to the history, which is kept at once: the terminal may be closed at any time. A
  /// history that cannot be written is let go.
  private func remember(_ line: String) {
    unsafe add_history(line)
    guard let historyFile else { return }
    let folder = URL(filePath: historyFile).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    unsafe write_history(historyFile)
  }
}
