/// What a JPEG file says ahead of its first scan.
///
/// TurboJPEG's own header call refuses files whose chroma subsampling it has no name for (1x4, say)
/// although it decodes them, and does not hand out EXIF data.
struct JPEGHeader {
  /// Columns; 0 if the file has no frame header.
  private(set) var width = 0
  /// Rows; 0 if the file has no frame header.
  private(set) var height = 0
  /// 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK.
  private(set) var componentCount = 0
  /// The TIFF structure of the first EXIF segment.
  private(set) var exif: ArraySlice<UInt8> = []
  /// Whether an end-of-image marker follows the first scan's header; a file without one is cut off.
  private(set) var hasEnd = false

  init(bytes: [UInt8]) {
    var position = 2  // behind the start-of-image marker
    while let (marker, segment) = Self.nextSegment(in: bytes, at: &position) {
      switch marker {
      case 0xC0...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC:  // frame headers
        guard segment.count >= 6, componentCount == 0 else { return }
        let field = segment.startIndex
        height = Int(segment[field + 1]) << 8 | Int(segment[field + 2])
        width = Int(segment[field + 3]) << 8 | Int(segment[field + 4])
        componentCount = Int(segment[field + 5])
      case 0xE1 where exif.isEmpty && segment.starts(with: Array("Exif\0\0".utf8)):
        exif = segment.dropFirst(6)
      case 0xDA:  // start of scan
        hasEnd = Self.containsEndMarker(bytes[position...])
        return
      default:
        break
      }
    }
  }

  /// The next marker that has a length, and what it holds; skips stray bytes as libjpeg does.
  private static func nextSegment(
    in bytes: [UInt8], at position: inout Int
  ) -> (marker: UInt8, segment: ArraySlice<UInt8>)? {
    while position + 3 < bytes.count {
      let marker = bytes[position + 1]
      switch (bytes[position], marker) {
      case (0xFF, 0xD9):  // end of image
        return nil
      case (0xFF, 0x02...0xCF), (0xFF, 0xDA...0xFE):
        let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
        let start = position + 4
        position += 2 + length
        guard length >= 2, position <= bytes.count else { return nil }
        return (marker, bytes[start..<position])
      default:  // a stray or fill byte, or a marker without a length
        position += 1
      }
    }
    return nil
  }

  private static func containsEndMarker(_ bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.endIndex - 1
    while index > bytes.startIndex {
      if bytes[index] == 0xD9 && bytes[index - 1] == 0xFF { return true }
      index -= 1
    }
    return false
  }
}
