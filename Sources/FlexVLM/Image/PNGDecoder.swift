internal import CPNGReader

extension RGBImage {
  /// Decodes a PNG of any colour type, depth and interlacing.
  static func decodedPNG(
    _ bytes: [UInt8], name: String, alpha: ImageReadingOptions.Alpha
  ) throws(ImageError) -> RGBImage {
    var header = png_reader_header()
    var message = [CChar](repeating: 0, count: Int(PNG_READER_MESSAGE_CAPACITY))
    func read(into pixels: UnsafeMutablePointer<UInt8>?, capacity: Int) throws(ImageError) {
      let isRead = unsafe png_reader_read(
        bytes, bytes.count, alpha == .white, &header, pixels, capacity, &message)
      if isRead { return }
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .damaged(name: name, format: "PNG", reason: String(decoding: text, as: UTF8.self))
    }

    // The header first, so that the size is checked before memory is given.
    try read(into: nil, capacity: 0)
    let (width, height) = (Int(header.width), Int(header.height))
    try checkSize(width: width, height: height, name: name)
    let count = width * height * Int(header.channels)
    var pixels = [UInt8](repeating: 0, count: count)
    unsafe try pixels.withUnsafeMutableBufferPointer { (buffer) throws(ImageError) in
      unsafe try read(into: buffer.baseAddress, capacity: count)
    }
    if header.channels == 4 { pixels = compositedOnWhite(rgba: pixels) }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// RGBA over white, rounded as PIL's `paste` with a mask does.
  static func compositedOnWhite(rgba: [UInt8]) -> [UInt8] {
    var rgb = [UInt8](repeating: 0, count: rgba.count / 4 * 3)
    for pixel in 0..<rgba.count / 4 {
      let alpha = rgba[pixel * 4 + 3]
      for channel in 0..<3 {
        rgb[pixel * 3 + channel] = share(alpha, of: rgba[pixel * 4 + channel]) + (255 - alpha)
      }
    }
    return rgb
  }

  /// The TIFF structure of the eXIf chunk, empty if there is none.
  static func exifInPNG(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var position = 8  // behind the signature
    while position + 8 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let type = bytes[(position + 4)..<(position + 8)]
      position += 8
      guard length <= bytes.count - position else { break }
      if type.elementsEqual("eXIf".utf8) { return bytes[position..<(position + length)] }
      position += length + 4  // behind the checksum
    }
    return []
  }
}
