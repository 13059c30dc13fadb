/// Where image files keep their EXIF data, a TIFF structure.
enum EXIFSegment {
  /// The first EXIF segment ahead of a JPEG's scans; empty if there is none.
  static func inJPEG(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let signature = Array("Exif\0\0".utf8)
    var position = 2  // behind the start-of-image marker
    while position + 3 < bytes.count {
      switch (bytes[position], bytes[position + 1]) {
      case (0xFF, 0xD9), (0xFF, 0xDA):  // end of image, start of scan
        return []
      case (0xFF, 0xC0...0xCF), (0xFF, 0xDB...0xFE):
        let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
        let segment = bytes[(position + 4)...].prefix(max(length - 2, 0))
        if bytes[position + 1] == 0xE1 && segment.starts(with: signature) {
          return segment.dropFirst(signature.count)
        }
        position = segment.endIndex
      default:  // a stray or fill byte, or a marker without a length
        position += 1
      }
    }
    return []
  }

  /// A PNG's eXIf chunk; empty if there is none.
  static func inPNG(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var position = 8  // behind the signature
    while position + 8 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let content = bytes[(position + 8)...].prefix(length)
      if bytes[(position + 4)..<(position + 8)].elementsEqual("eXIf".utf8) { return content }
      position = content.endIndex + 4  // behind the checksum
    }
    return []
  }

  /// A WebP's EXIF chunk; empty if there is none.
  static func inWebP(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var position = 12  // behind "RIFF", the file's size and "WEBP"
    while position + 8 <= bytes.count {
      let length = bytes[(position + 4)..<(position + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
      let content = bytes[(position + 8)...].prefix(length)
      if bytes[position..<(position + 4)].elementsEqual("EXIF".utf8) {
        // Some writers keep the signature that a JPEG's segment has.
        let signature = Array("Exif\0\0".utf8)
        return content.starts(with: signature) ? content.dropFirst(signature.count) : content
      }
      position = content.endIndex + length % 2
    }
    return []
  }
}
