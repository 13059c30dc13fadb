internal import CWebP

extension RGBImage {
  /// Decodes a WebP: lossy or lossless, with or without transparency. An animation is refused.
  static func decodedWebP(
    _ bytes: [UInt8], name: String, alpha: ImageReadingOptions.Alpha
  ) throws(ImageError) -> RGBImage {
    func damaged(_ reason: String) -> ImageError {
      .damaged(name: name, format: "WebP", reason: reason)
    }
    var features = WebPBitstreamFeatures()
    switch unsafe WebPGetFeatures(bytes, bytes.count, &features) {
    case VP8_STATUS_OK: break
    case VP8_STATUS_NOT_ENOUGH_DATA: throw damaged("the file ends early")
    default: throw damaged("its header is not valid")
    }
    guard features.has_animation == 0 else {
      throw .unsupportedFormat(name: name, looksLike: "an animated WebP image")
    }
    let (width, height) = (Int(features.width), Int(features.height))
    try checkSize(width: width, height: height, name: name)

    let showsAlpha = alpha == .white && features.has_alpha != 0
    let stride = width * (showsAlpha ? 4 : 3)
    var pixels = [UInt8](repeating: 0, count: stride * height)
    let decode = showsAlpha ? unsafe WebPDecodeRGBAInto : unsafe WebPDecodeRGBInto
    let result = unsafe decode(bytes, bytes.count, &pixels, pixels.count, Int32(stride))
    guard unsafe result != nil else { throw damaged("its data end early or are not valid") }
    if showsAlpha { pixels = compositedOnWhite(rgba: pixels) }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// The TIFF structure of the EXIF chunk, empty if there is none.
  static func exifInWebP(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var position = 12  // behind "RIFF", the file's size and "WEBP"
    while position + 8 <= bytes.count {
      let size = bytes[(position + 4)..<(position + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
      let type = bytes[position..<(position + 4)]
      position += 8
      guard size <= bytes.count - position else { break }
      if type.elementsEqual("EXIF".utf8) {
        let chunk = bytes[position..<(position + size)]
        // Some writers keep the mark that the structure has in a JPEG.
        return chunk.starts(with: "Exif\0\0".utf8) ? chunk.dropFirst(6) : chunk
      }
      position += size + size % 2
    }
    return []
  }
}
