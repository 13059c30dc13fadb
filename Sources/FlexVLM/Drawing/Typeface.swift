/// The font of captions: outlines filled at any size, so that text is crisp in thumbnails and titles.
struct Typeface {
  struct Point {
    var x: Float
    var y: Float
    var isOnCurve = true
  }

  struct Glyph {
    var advance: Float = 0
    var contours: [[Point]] = []
  }

  static let inter = Typeface(outlines: glyphOutlines)

  /// Characters compare by canonical equivalence, so that decomposed accents are found too.
  private let glyphs: [Character: Glyph]
  /// Stands for characters that the font lacks.
  private let missing: Glyph

  init(outlines: String) {
    var glyphs: [Character: Glyph] = [:]
    var contours: [[Point]] = []
    for record in outlines.split(separator: "#") {
      let words = record.split(whereSeparator: \.isWhitespace)
      guard words.count > 1, let code = UInt32(words[0], radix: 16),
        let scalar = Unicode.Scalar(code)
      else { continue }
      var glyph = Glyph(advance: Float(words[1]) ?? 0)
      for words in words[2...].split(separator: "/") {
        if words.first == "@" {
          glyph.contours.append(Self.repeated(words.dropFirst(), of: contours))
        } else {
          contours.append(words.compactMap(Self.point))
          glyph.contours.append(contours[contours.count - 1])
        }
      }
      glyphs[Character(scalar)] = glyph
    }
    self.glyphs = glyphs
    missing = glyphs["\u{25A1}"] ?? Glyph()
  }

  /// An earlier contour, by its number, begun at another point.
  private static func repeated(
    _ words: ArraySlice<Substring>, of contours: [[Point]]
  ) -> [Point] {
    guard let number = words.first.flatMap({ Int($0) }), contours.indices.contains(number),
      let start = words.last.flatMap(point), let first = contours[number].first
    else { return [] }
    return contours[number].map {
      Point(x: $0.x - first.x + start.x, y: $0.y - first.y + start.y, isOnCurve: $0.isOnCurve)
    }
  }

  private static func point(_ word: Substring) -> Point? {
    let isOnCurve = word.last != "~"
    let numbers = (isOnCurve ? word : word.dropLast()).split(separator: ",").compactMap {
      Float($0)
    }
    return numbers.count == 2 ? Point(x: numbers[0], y: numbers[1], isOnCurve: isOnCurve) : nil
  }

  /// A letter with an accent that the font has not together is the letter alone.
  private func glyphs(of text: String) -> [Glyph] {
    text.map { character in
      glyphs[character] ?? character.unicodeScalars.first.flatMap { glyphs[Character($0)] }
        ?? missing
    }
  }

  /// Pixels that a line of text takes from left to right.
  func width(of text: String, size: Float) -> Float {
    glyphs(of: text).reduce(0) { $0 + $1.advance } * size / 1000
  }

  /// Breaks a text into lines, at spaces where there are any.
  func lines(of text: String, size: Float, width: Float) -> [String] {
    var lines = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      let last = lines[lines.count - 1]
      let longer = last.isEmpty ? String(word) : last + " " + word
      if self.width(of: longer, size: size) <= width {
        lines[lines.count - 1] = longer
        continue
      }
      if !last.isEmpty { lines.append("") }
      for character in word {
        if self.width(of: lines[lines.count - 1] + String(character), size: size) > width {
          lines.append("")
        }
        lines[lines.count - 1].append(character)
      }
    }
    return lines
  }

  /// Straight edges of a line of text whose base line begins at (x, y).
  func edges(of text: String, size: Float, x: Float, y: Float) -> [(Point, Point)] {
    var edges: [(Point, Point)] = []
    var pen = x
    for glyph in glyphs(of: text) {
      for contour in glyph.contours {
        let places = contour.map {
          Point(x: pen + $0.x * size / 1000, y: y + $0.y * size / 1000, isOnCurve: $0.isOnCurve)
        }
        edges += Self.edges(ofContour: places)
      }
      pen += glyph.advance * size / 1000
    }
    return edges
  }

  /// A closed contour, which begins on the curve, with each curve cut into eight lines.
  private static func edges(ofContour points: [Point]) -> [(Point, Point)] {
    guard var last = points.first else { return [] }
    var edges: [(Point, Point)] = []
    var control: Point?
    for point in points.dropFirst() + [points[0]] {
      guard point.isOnCurve else {
        control = point
        continue
      }
      if let off = control {
        let start = last
        for step in 1...8 {
          let t = Float(step) / 8
          let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
          let next = Point(
            x: a * start.x + b * off.x + c * point.x, y: a * start.y + b * off.y + c * point.y)
          edges.append((last, next))
          last = next
        }
      } else {
        edges.append((last, point))
        last = point
      }
      control = nil
    }
    return edges
  }
}

extension Canvas {
  /// Draws a line of text whose base line begins at (x, y).
  mutating func draw(
    _ text: String, size: Float, x: Int, y: Int, _ colour: Colour, face: Typeface = .inter
  ) {
    let edges = face.edges(of: text, size: size, x: Float(x), y: Float(y))
    let ends = edges.flatMap { [$0.0.y, $0.1.y] }
    guard let top = ends.min(), let bottom = ends.max() else { return }
    let right = min(width, x + Int(face.width(of: text, size: size)) + Int(size))
    let left = max(0, x - Int(size))
    if left >= right { return }
    for row in max(0, Int(top))..<max(max(0, Int(top)), min(height, Int(bottom) + 1)) {
      let coverage = Self.coverage(edges, row: row, columns: left..<right)
      for (column, share) in coverage.enumerated() where share > 0 {
        self[left + column, row] = ColourMap.mix(
          self[left + column, row], colour, min(share, 1))
      }
    }
  }

  /// The share of each pixel of a row inside the edges (non-zero winding): sixteen lines a row, exact
  /// from left to right.
  private static func coverage(
    _ edges: [(Typeface.Point, Typeface.Point)], row: Int, columns: Range<Int>
  ) -> [Float] {
    var coverage = [Float](repeating: 0, count: columns.count)
    let lines = 16
    for line in 0..<lines {
      let y = Float(row) + (Float(line) + 0.5) / Float(lines)
      var crossings: [(x: Float, winding: Int)] = []
      for (a, b) in edges where (a.y <= y) != (b.y <= y) {
        crossings.append((a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x), a.y < b.y ? 1 : -1))
      }
      crossings.sort { $0.x < $1.x }
      var winding = 0
      for (index, crossing) in crossings.enumerated() {
        winding += crossing.winding
        guard winding != 0, index + 1 < crossings.count else { continue }
        let from = max(crossing.x - Float(columns.lowerBound), 0)
        let to = min(crossings[index + 1].x - Float(columns.lowerBound), Float(columns.count))
        if from >= to { continue }
        for pixel in Int(from)...min(Int(to), columns.count - 1) {
          let inside = min(to, Float(pixel + 1)) - max(from, Float(pixel))
          coverage[pixel] += inside / Float(lines)
        }
      }
    }
    return coverage
  }
}
