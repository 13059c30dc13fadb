internal import CImageIO

/// The C decoders; the only place that calls them.
enum ImageCodec: String {
  case png = "PNG"
  case jpeg = "JPEG"

  /// Samples as a decoder hands them out.
  struct Samples {
    let width: Int
    let height: Int
    let channels: Int  // 1 grey, 3 RGB, 4 RGBA (PNG) or CMYK (JPEG)
    let values: [UInt8]  // [height, width, channels]
  }

  /// Decodes a file; with `keepsAlpha` a PNG that has transparency comes out in four channels.
  ///
  /// The decoder is asked for the header first, so that the size is checked before memory is given.
  func decode(_ bytes: [UInt8], name: String, keepsAlpha: Bool) throws(ImageError) -> Samples {
    var header = image_header()
    var message = [CChar](repeating: 0, count: Int(IMAGE_MESSAGE_CAPACITY))
    func read(into pixels: UnsafeMutablePointer<UInt8>?, capacity: Int) -> Bool {
      switch self {
      case .png:
        unsafe image_read_png(
          bytes, bytes.count, keepsAlpha, &header, pixels, capacity, &message)
      case .jpeg:
        false
      }
    }
    func damage() -> ImageError {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return .damaged(
        name: name, format: rawValue, reason: String(decoding: text, as: UTF8.self))
    }

    guard unsafe read(into: nil, capacity: 0) else { throw damage() }
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    guard max(width, height) <= RGBImage.maximumSide, width * height <= RGBImage.maximumPixelCount
    else { throw .tooManyPixels(name: name, width: width, height: height) }

    let capacity = width * height * channels
    var isComplete = false
    let values = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { pixels, count in
      isComplete = unsafe read(into: pixels.baseAddress, capacity: capacity)
      count = isComplete ? capacity : 0
    }
    guard isComplete else { throw damage() }
    return Samples(width: width, height: height, channels: channels, values: values)
  }
}
