internal import CImageIO

/// The C decoders behind ``RGBImage``; the only place that calls them.
enum ImageDecoder: String {
  case png = "PNG"
  case jpeg = "JPEG"
  case webp = "WebP"
  case tiff = "TIFF"

  func decode(
    _ bytes: [UInt8], name: String, alpha: ImageReadingOptions.Alpha
  ) throws(ImageError) -> RGBImage {
    // The header first, so that the size is checked before memory is given.
    var header = image_header()
    unsafe try read(bytes, name: name, alpha, &header, into: nil, capacity: 0)
    let (width, height) = (Int(header.width), Int(header.height))
    guard max(width, height) <= RGBImage.maximumSide, width * height <= RGBImage.maximumPixelCount
    else { throw .tooManyPixels(name: name, width: width, height: height) }
    let count = width * height * Int(header.channels)
    // Colours without the fourth channel, and an image turned upright, are copies.
    guard Memory.isAvailable(count + width * height * 3) else {
      throw .outOfMemory(name: name, bytes: count + width * height * 3)
    }
    var pixels = try unsafe pixels(count: count) { (buffer) throws(ImageError) in
      unsafe try read(bytes, name: name, alpha, &header, into: buffer, capacity: count)
    }
    if header.has_ink {
      pixels = convertedToRGB(adobeCMYK: pixels)
    } else if header.channels == 4 {
      pixels = alpha == .white ? compositedOnWhite(rgba: pixels) : withoutAlpha(rgba: pixels)
    }
    let image = RGBImage(width: width, height: height, pixels: pixels)
    // A TIFF file's orientation is part of the format; PIL applies it whether asked to or not.
    return image.upright(from: EXIFOrientation(rawValue: Int(header.orientation)) ?? .upright)
  }

  private func read(
    _ bytes: [UInt8], name: String, _ alpha: ImageReadingOptions.Alpha,
    _ header: inout image_header, into pixels: UnsafeMutablePointer<UInt8>?, capacity: Int
  ) throws(ImageError) {
    var message = [CChar](repeating: 0, count: Int(IMAGE_READER_MESSAGE_CAPACITY))
    let keepsAlpha = alpha == .white
    let outcome =
      switch self {
      case .png:
        unsafe image_read_png(
          bytes, bytes.count, keepsAlpha, &header, pixels, capacity, &message)
      case .jpeg:
        unsafe image_read_jpeg(bytes, bytes.count, &header, pixels, capacity, &message)
      case .webp:
        unsafe image_read_webp(
          bytes, bytes.count, keepsAlpha, &header, pixels, capacity, &message)
      case .tiff:
        unsafe image_read_tiff(
          bytes, bytes.count, keepsAlpha, &header, pixels, capacity, &message)
      }
    let text = String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch outcome {
    case IMAGE_READ: return
    case IMAGE_UNSUPPORTED: throw .unsupportedKind(name: name, format: rawValue, kind: text)
    case IMAGE_OUT_OF_MEMORY:
      let count = Int(header.width) * Int(header.height) * Int(header.channels)
      throw .outOfMemory(name: name, bytes: count)
    default: throw .damaged(name: name, format: rawValue, reason: text)
    }
  }

  /// Samples that `body` fills; memory that it does not come to is never touched, whatever size a
  /// damaged file claims.
  private func pixels(
    count: Int, _ body: (UnsafeMutablePointer<UInt8>?) throws(ImageError) -> Void
  ) throws(ImageError) -> [UInt8] {
    var failure: ImageError?
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(ImageError) {
        unsafe try body(buffer.baseAddress)
        initializedCount = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return pixels
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

/// The colours of RGBA alone.
private func withoutAlpha(rgba: [UInt8]) -> [UInt8] {
  var rgb = [UInt8](repeating: 0, count: rgba.count / 4 * 3)
  for pixel in 0..<rgba.count / 4 {
    for channel in 0..<3 { rgb[pixel * 3 + channel] = rgba[pixel * 4 + channel] }
  }
  return rgb
}

/// CMYK to RGB as PIL converts it: by arithmetic, without a colour profile, and with Adobe's polarity,
/// where 255 is no ink.
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
