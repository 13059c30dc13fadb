import Testing

@testable import FlexVLM

@Suite struct TypefaceTests {
  private func outline(_ text: String) -> [Float] {
    Typeface.inter.edges(of: text, size: 100, x: 0, y: 0).flatMap { [$0.0.x, $0.0.y] }
  }

  @Test(
    "Every printable character has a glyph of its own",
    arguments: [
      ("ASCII", 0x21...0x7E, []), ("Latin-1", 0xA1...0xFF, [0xAD]),
      ("Latin Extended-A", 0x100...0x17F, [0x149]),
      ("Greek", 0x386...0x3CE, [0x38B, 0x38D, 0x3A2]),
      ("Cyrillic", 0x400...0x4FF, Array(0x483...0x489) + [0x49E, 0x49F]),
    ] as [(String, ClosedRange<UInt32>, [UInt32])])
  func characters(block: String, codes: ClosedRange<UInt32>, without: [UInt32]) throws {
    for code in codes where !without.contains(code) {
      let own = outline(String(try #require(UnicodeScalar(code))))
      #expect(!own.isEmpty && own != outline("\u{4E00}"), "\(String(code, radix: 16))")
    }
  }

  @Test("An accented letter is the letter and more, where it shares its outline")
  func sharedContours() {
    #expect(outline("А") == outline("A") && outline("Ο") == outline("O"))
    for (letter, base) in [("č", "c"), ("ά", "α"), ("ё", "e"), ("ů", "u")] {
      let (whole, part) = (outline(letter), outline(base))
      #expect(whole.count > part.count, "\(letter)")
      #expect(whole.starts(with: part) || whole.suffix(part.count) == part[...], "\(letter)")
    }
  }

  @Test("A letter with an accent that no font has together is the letter")
  func strangeAccent() { #expect(outline("м\u{30A}") == outline("м")) }

  @Test("A decomposed accent is the composed letter")
  func accents() {
    #expect(
      Typeface.inter.width(of: "e\u{301}", size: 10) == Typeface.inter.width(of: "é", size: 10))
  }

  @Test("Lines break at spaces, and within words that are too long")
  func lines() {
    let face = Typeface.inter
    let width = face.width(of: "aaaa bbbb", size: 20) + 1
    #expect(face.lines(of: "aaaa bbbb cc", size: 20, width: width) == ["aaaa bbbb", "cc"])
    #expect(face.lines(of: "", size: 20, width: width) == [""])
    let pieces = face.lines(of: "x " + String(repeating: "m", count: 40), size: 20, width: width)
    #expect(pieces.allSatisfy { face.width(of: $0, size: 20) <= width })
    #expect(pieces.joined() == "x" + String(repeating: "m", count: 40))
  }

  @Test("Letters fill their area: a full stop is a round dot, the rest stays paper")
  func coverage() {
    var canvas = Canvas(width: 60, height: 60, background: Heatmap.paper)
    canvas.draw(".", size: 200, x: 0, y: 50, Heatmap.ink)
    let ink = (0..<3600).reduce(0.0) {
      $0 + (255 - Double(canvas[$1 % 60, $1 / 60].x)) / Double(255 - Heatmap.ink.x)
    }
    // Inter's dot is 142 thousandths wide: a circle of 28.4 pixels.
    #expect(abs(ink - 3.14159 * 14.2 * 14.2) < 12)
    #expect(canvas[0, 0] == Heatmap.paper && canvas[59, 59] == Heatmap.paper)
  }
}
