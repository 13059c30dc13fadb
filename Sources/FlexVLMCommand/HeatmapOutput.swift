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
  /// A file for each answer; empty where none are wanted.
  private let overviews: [OutputFile]
  private let contactSheets: [OutputFile]
  private let picture: TerminalPicture?
  private let terminal: Terminal

  /// Looks at all places before anything is computed for them.
  ///
  /// - Parameter count: of the answers; where there are several, their numbers go into the names.
  /// - Throws: an error with code `unavailable` if pictures are to be shown and cannot be, and one
  ///   with code `cannotCreate` for a file that cannot be written.
  init(
    _ settings: HeatmapSettings, count: Int, terminal: Terminal,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(CommandError) {
    overviews = try Self.outputs(settings.file, count)
    contactSheets = try Self.outputs(settings.layersFile, count)
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

  private static func outputs(
    _ file: String?, _ count: Int
  ) throws(CommandError) -> [OutputFile] {
    var outputs: [OutputFile] = []
    guard let file else { return outputs }
    for number in 1...count {
      outputs.append(try TextFile.output(name(file, count > 1 ? number : nil)))
    }
    return outputs
  }

  /// - Parameter index: of the answer, from 0.
  func put(_ heatmap: Heatmap, index: Int) throws(CommandError) {
    if !overviews.isEmpty { try Self.write(heatmap.overview(), to: overviews[index]) }
    if !contactSheets.isEmpty { try Self.write(heatmap.contactSheet(), to: contactSheets[index]) }
    if let picture, let text = picture.text(heatmap.overview(size: 560)) {
      try terminal.output.write(sequence: text)
    }
  }

  static func write(_ picture: RGBImage, to file: OutputFile) throws(CommandError) {
    guard let png = picture.encodedPNG() else {
      throw CommandError("The picture cannot be encoded: out of memory.", .software)
    }
    try TextFile.write(png, to: file)
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
