import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where pictures of the selected cells go.
struct HeatmapSettings: Equatable, Sendable {
  /// File that receives the overview.
  var file: String?
  /// File that receives the contact sheet of layers and steps.
  var layersFile: String?
  /// Whether the overview is shown in the terminal.
  var isShown = false

  var isWanted: Bool { file != nil || layersFile != nil || isShown }
}

/// Writes and shows the pictures of one command's answers.
struct HeatmapOutput {
  let settings: HeatmapSettings
  let picture: TerminalPicture?
  let terminal: Terminal

  /// - Throws: an error with code `unavailable` if pictures are to be shown and cannot be.
  init(
    _ settings: HeatmapSettings, terminal: Terminal,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(CommandError) {
    self.settings = settings
    self.terminal = terminal
    picture = settings.isShown ? TerminalPicture(environment: environment) : nil
    if settings.isShown, !terminal.output.isTerminal {
      throw CommandError(
        "'--show' needs a terminal as standard output; '--heatmap FILE' writes a PNG file.",
        .unavailable)
    }
    if settings.isShown, picture == nil {
      throw CommandError(
        """
        This terminal is not known to show pictures (Kitty, Ghostty, iTerm2, WezTerm, foot and \
        mlterm are); '--heatmap FILE' writes a PNG file.
        """, .unavailable)
    }
  }

  /// - Parameter number: of the answer among several, from 1; it goes into the files' names.
  func put(_ heatmap: Heatmap, number: Int?) throws(CommandError) {
    if let file = settings.file {
      try Self.write(heatmap.overview(), to: Self.name(file, number))
    }
    if let file = settings.layersFile {
      try Self.write(heatmap.contactSheet(), to: Self.name(file, number))
    }
    if let picture, let text = picture.text(heatmap.overview(size: 560)) {
      try terminal.output.write(text)
    }
  }

  static func write(_ picture: RGBImage, to path: String) throws(CommandError) {
    guard let png = picture.encodedPNG() else {
      throw CommandError("The picture cannot be encoded: out of memory.", .software)
    }
    try TextFile.write(bytes: png, to: path)
  }

  /// "map.png" of the second answer is "map-2.png".
  static func name(_ file: String, _ number: Int?) -> String {
    guard let number else { return file }
    let folderEnd = file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex
    guard let dot = file[folderEnd...].lastIndex(of: "."), dot > folderEnd else {
      return "\(file)-\(number)"
    }
    return "\(file[..<dot])-\(number)\(file[dot...])"
  }
}

extension CommandError {
  /// Selections that a picture needs and a policy does not make.
  static func nothingToDraw(_ policy: SelectionPolicy) -> CommandError {
    CommandError(
      """
      There is no heat-map: with policy '\(policy.rawValue)' this model looks at no \
      high-resolution cell.
      """, .dataError)
  }
}
