/// How the rows and columns of a stored photo lie in the upright one: EXIF tag 0x0112.
enum EXIFOrientation: Int {
  case upright = 1
  case mirrored
  case upsideDown
  case flipped
  case transposed
  case turnedRight  // needs a quarter turn clockwise
  case transversed
  case turnedLeft

  var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

  /// The orientation in a TIFF structure; nil if it has none, is malformed or holds another number,
  /// which readers of EXIF data pass over in silence.
  init?(tiff: ArraySlice<UInt8>) {
    let isLittleEndian: Bool
    switch tiff.prefix(4) {
    case [0x49, 0x49, 0x2A, 0x00]: isLittleEndian = true
    case [0x4D, 0x4D, 0x00, 0x2A]: isLittleEndian = false
    default: return nil
    }
    func integer(at offset: Int, byteCount: Int) -> Int? {
      guard offset <= tiff.count - byteCount else { return nil }
      let field = tiff.dropFirst(offset).prefix(byteCount)
      let bigEndian = isLittleEndian ? Array(field.reversed()) : Array(field)
      return bigEndian.reduce(0) { $0 << 8 | Int($1) }
    }

    guard let directory = integer(at: 4, byteCount: 4),
      let entryCount = integer(at: directory, byteCount: 2)
    else { return nil }
    for index in 0..<entryCount {
      let entry = directory + 2 + index * 12
      guard let tag = integer(at: entry, byteCount: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      let isLong = integer(at: entry + 2, byteCount: 2) == 4  // 3, a short, by the standard
      guard let value = integer(at: entry + 8, byteCount: isLong ? 4 : 2) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}

extension RGBImage {
  /// The image turned upright, as PIL's `ImageOps.exif_transpose` does.
  func upright(from orientation: EXIFOrientation) -> RGBImage {
    // Where the first pixel comes from, and the steps to the next column and row.
    let last = width * height - 1
    let (first, columnStep, rowStep) =
      switch orientation {
      case .upright: (0, 1, width)
      case .mirrored: (width - 1, -1, width)
      case .upsideDown: (last, -1, -width)
      case .flipped: (last - width + 1, 1, -width)
      case .transposed: (0, width, 1)
      case .turnedRight: (last - width + 1, -width, 1)
      case .transversed: (last, -width, -1)
      case .turnedLeft: (width - 1, width, -1)
      }
    if orientation == .upright { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    // In strips of columns: a turned row reads from every source row, too many for the cache.
    for strip in stride(from: 0, to: newWidth, by: 64) {
      for y in 0..<newHeight {
        for x in strip..<min(strip + 64, newWidth) {
          let source = (first + x * columnStep + y * rowStep) * 3
          let target = (y * newWidth + x) * 3
          turned[target] = pixels[source]
          turned[target + 1] = pixels[source + 1]
          turned[target + 2] = pixels[source + 2]
        }
      }
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: turned)
  }
}
