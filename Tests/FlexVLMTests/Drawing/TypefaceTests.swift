import Testing

@testable import FlexVLM

@Suite struct TypefaceTests {
  @Test("Every printable character of ASCII and Latin-1 has a glyph of its own")
  func characters() {
    let face = Typeface.inter
    func outline(_ text: String) -> [Float] {
      face.edges(of: text, size: 100, x: 0, y: 0).flatMap { [$0.0.x, $0.0.y] }
    }
    for code in Array(0x21...0x7E) + Array(0xA1...0xFF) where code != 0xAD {
      let own = outline(String(UnicodeScalar(UInt8(code))))
      #expect(!own.isEmpty && own != outline("\u{4E00}"), "\(code)")
    }
  }

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
