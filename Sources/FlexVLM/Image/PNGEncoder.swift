internal import CPNG

extension RGBImage {
  /// The image as a PNG file; nil where memory for it runs out.
  ///
  /// libpng's simplified interface is used, whose errors come back as values.
  public func encodedPNG() -> [UInt8]? {
    var header = unsafe png_image()
    unsafe header.version = UInt32(PNG_IMAGE_VERSION)
    unsafe header.width = UInt32(width)
    unsafe header.height = UInt32(height)
    unsafe header.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    var count: png_alloc_size_t = 0
    guard unsafe png_image_write_to_memory(&header, nil, &count, 0, pixels, 0, nil) != 0 else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard unsafe png_image_write_to_memory(&header, &bytes, &count, 0, pixels, 0, nil) != 0 else {
      return nil
    }
    return bytes
  }
}
