/// Pixels to draw on; everything outside is cut off.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [UInt8]

  init(width: Int, height: Int, background: Colour) {
    self.width = width
    self.height = height
    pixels = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height {
      pixels.append(background.x)
      pixels.append(background.y)
      pixels.append(background.z)
    }
  }

  init(_ image: RGBImage) {
    width = image.width
    height = image.height
    pixels = image.pixels
  }

  var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

  subscript(x: Int, y: Int) -> Colour {
    get {
      let at = (y * width + x) * 3
      return Colour(pixels[at], pixels[at + 1], pixels[at + 2])
    }
    set {
      let at = (y * width + x) * 3
      pixels[at] = newValue.x
      pixels[at + 1] = newValue.y
      pixels[at + 2] = newValue.z
    }
  }

  /// Changes every pixel of a rectangle.
  mutating func change(
    _ columns: Range<Int>, _ rows: Range<Int>, _ new: (Int, Int, Colour) -> Colour
  ) {
    for y in rows.clamped(to: 0..<height) {
      for x in columns.clamped(to: 0..<width) { self[x, y] = new(x, y, self[x, y]) }
    }
  }

  /// Lays a colour over a rectangle, `opacity` of it.
  mutating func fill(
    _ columns: Range<Int>, _ rows: Range<Int>, _ colour: Colour, opacity: Float = 1
  ) {
    change(columns, rows) { _, _, old in ColourMap.mix(old, colour, opacity) }
  }

  /// Draws a rectangle's outline, half of the line on either side of its border.
  mutating func frame(_ columns: Range<Int>, _ rows: Range<Int>, line: Int, _ colour: Colour) {
    let outer = line / 2
    let columns = columns.lowerBound - outer..<columns.upperBound + outer
    let rows = rows.lowerBound - outer..<rows.upperBound + outer
    fill(columns, rows.prefix(line), colour)
    fill(columns, rows.suffix(line), colour)
    fill(columns.prefix(line), rows, colour)
    fill(columns.suffix(line), rows, colour)
  }

  mutating func draw(_ image: Canvas, x left: Int, y top: Int) {
    change(left..<left + image.width, top..<top + image.height) { x, y, _ in
      image[x - left, y - top]
    }
  }
}
