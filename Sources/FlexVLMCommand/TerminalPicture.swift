import FlexVLM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How a terminal takes pictures between its lines of text.
enum TerminalPicture: Equatable {
  /// Kitty's graphics protocol, also Ghostty's.
  case kitty
  /// iTerm2's inline images, also WezTerm's.
  case iTerm2
  /// DEC Sixel: foot, mlterm, xterm where its name says so.
  case sixel

  /// The protocol of the terminal that the environment describes; nil if it is not known to have
  /// one. Terminal multiplexers hide the terminal behind them, so they count as unknown.
  init?(environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    let program = environment["TERM_PROGRAM"] ?? environment["LC_TERMINAL"] ?? ""
    if environment["TMUX"] != nil || term.hasPrefix("screen") || term.hasPrefix("tmux") {
      return nil
    } else if environment["KITTY_WINDOW_ID"] != nil || term.contains("kitty")
      || program == "ghostty" || term.contains("ghostty")
    {
      self = .kitty
    } else if ["iTerm.app", "iTerm2", "WezTerm"].contains(program) {
      self = .iTerm2
    } else if term.contains("sixel") || term == "foot" || term.hasPrefix("foot-")
      || term.hasPrefix("mlterm")
    {
      self = .sixel
    } else {
      return nil
    }
  }

  /// The picture as text for the terminal, a new line behind it; nil where it cannot be encoded.
  func text(_ picture: RGBImage) -> String? {
    if self == .sixel { return Sixel.encode(picture) + "\n" }
    guard let png = picture.encodedPNG() else { return nil }
    let base64 = Data(png).base64EncodedString()
    if self == .iTerm2 {
      return "\u{1B}]1337;File=inline=1;size=\(png.count);width=auto:\(base64)\u{07}\n"
    }
    // Kitty takes at most 4096 characters at a time; m=1 announces more.
    var rest = Substring(base64)
    var text = ""
    var keys = "f=100,a=T,"
    while !rest.isEmpty {
      let chunk = rest.prefix(4096)
      rest = rest.dropFirst(4096)
      text += "\u{1B}_G\(keys)m=\(rest.isEmpty ? 0 : 1);\(chunk)\u{1B}\\"
      keys = ""
    }
    return text + "\n"
  }
}

/// DEC's bit-map graphics: bands of six rows, for each colour a row of characters whose six bits are
/// pixels.
enum Sixel {
  /// Shades of a channel; with 256 colours at most, six of each make 216.
  private static let shades = 6

  static func encode(_ picture: RGBImage) -> String {
    var text = "\u{1B}Pq\"1;1;\(picture.width);\(picture.height)"
    let colours = (0..<picture.width * picture.height).map { index($0, in: picture) }
    for colour in Set(colours).sorted() {
      let percent = [colour / (shades * shades), colour / shades % shades, colour % shades].map {
        "\($0 * 100 / (shades - 1))"
      }
      text += "#\(colour);2;" + percent.joined(separator: ";")
    }
    for top in stride(from: 0, to: picture.height, by: 6) {
      var rows: [Int: [UInt8]] = [:]
      for y in top..<min(top + 6, picture.height) {
        for x in 0..<picture.width {
          rows[colours[y * picture.width + x], default: Array(repeating: 0, count: picture.width)][
            x] |= 1 << UInt8(y - top)
        }
      }
      for (colour, bits) in rows.sorted(by: { $0.key < $1.key }) {
        text += "#\(colour)" + runs(bits) + "$"
      }
      text += "-"
    }
    return text + "\u{1B}\\"
  }

  private static func index(_ pixel: Int, in picture: RGBImage) -> Int {
    picture.pixels[3 * pixel..<3 * pixel + 3].reduce(0) {
      $0 * shades + (Int($1) * (shades - 1) + 127) / 255
    }
  }

  /// Characters 63 and up for six bits each, repetitions as `!count`.
  private static func runs(_ bits: [UInt8]) -> String {
    var text = ""
    var start = 0
    while start < bits.count {
      let end = bits[start...].firstIndex { $0 != bits[start] } ?? bits.count
      let character = String(UnicodeScalar(63 + bits[start]))
      let count = end - start
      text += count > 3 ? "!\(count)\(character)" : String(repeating: character, count: count)
      start = end
    }
    return text
  }
}
