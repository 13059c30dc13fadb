internal import CImageIO

/// The C decoders behind ``RGBImage``; the only place that calls them.
enum ImageDecoder: String {
  case png = "PNG"
  case jpeg = "JPEG"
  case webp = "WebP"

  func decode(
    _ bytes: [UInt8], name: String, alpha: ImageReadingOptions.Alpha
  ) throws(ImageError) -> RGBImage {
    var header = image_header()
    var message = [CChar](repeating: 0, count: Int(IMAGE_READER_MESSAGE_CAPACITY))
    func read(into pixels: UnsafeMutablePointer<UInt8>?, capacity: Int) throws(ImageError) {
      let isRead =
        switch self {
        case .png:
          unsafe image_read_png(
            bytes, bytes.count, alpha == .white, &header, pixels, capacity, &message)
        case .jpeg:
          unsafe image_read_jpeg(bytes, bytes.count, &header, pixels, capacity, &message)
        case .webp:
          unsafe image_read_webp(
            bytes, bytes.count, alpha == .white, &header, pixels, capacity, &message)
        }
      if isRead { return }
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .damaged(name: name, format: rawValue, reason: String(decoding: text, as: UTF8.self))
    }

    // The header first, so that the size is checked before memory is given.
    try read(into: nil, capacity: 0)
    let (width, height) = (Int(header.width), Int(header.height))
    guard max(width, height) <= RGBImage.maximumSide, width * height <= RGBImage.maximumPixelCount
    else { throw .tooManyPixels(name: name, width: width, height: height) }
    let count = width * height * Int(header.channels)
    var pixels = [UInt8](repeating: 0, count: count)
    unsafe try pixels.withUnsafeMutableBufferPointer { (buffer) throws(ImageError) in
      unsafe try read(into: buffer.baseAddress, capacity: count)
    }
    if header.channels == 4 {
      pixels = self == .jpeg ? convertedToRGB(adobeCMYK: pixels) : compositedOnWhite(rgba: pixels)
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}

/// RGBA over white, rounded as PIL's `paste` with a mask does.
private func compositedOnWhite(rgba: [UInt8]) -> [UInt8] {
  var rgb = [UInt8](repeating: 0, count: rgba.count / 4 * 3)
  for pixel in 0..<rgba.count / 4 {
    let alpha = rgba[pixel * 4 + 3]
    for channel in 0..<3 {
      rgb[pixel * 3 + channel] = share(alpha, of: rgba[pixel * 4 + channel]) + (255 - alpha)
    }
  }
  return rgb
}

/// CMYK to RGB as PIL converts it: by arithmetic, without a colour profile, and always with Adobe's
/// polarity, where 255 is no ink.
private func convertedToRGB(adobeCMYK: [UInt8]) -> [UInt8] {
  var rgb = [UInt8](repeating: 0, count: adobeCMYK.count / 4 * 3)
  for pixel in 0..<adobeCMYK.count / 4 {
    let light = adobeCMYK[pixel * 4 + 3]
    for channel in 0..<3 {
      rgb[pixel * 3 + channel] = light - share(255 - adobeCMYK[pixel * 4 + channel], of: light)
    }
  }
  return rgb
}

/// `whole * part / 255` to the nearest; PIL's `MULDIV255`.
private func share(_ part: UInt8, of whole: UInt8) -> UInt8 {
  let product = Int(part) * Int(whole) + 128
  return UInt8(truncatingIfNeeded: (product + (product >> 8)) >> 8)
}
