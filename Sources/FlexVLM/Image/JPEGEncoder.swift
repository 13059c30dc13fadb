internal import CTurboJPEG

extension RGBImage {
  /// The image as a JPEG file with halved colour resolution.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Returns: nil if the system has no memory left or a side is beyond the format's 65,535.
  func encodedJPEG(quality: Int) -> [UInt8]? {
    guard let encoder = unsafe tjInitCompress() else { return nil }
    defer { unsafe tjDestroy(encoder) }
    var buffer: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    defer { unsafe tjFree(buffer) }
    let status = unsafe tjCompress2(
      encoder, pixels, Int32(width), Int32(width * 3), Int32(height), TJPF_RGB.rawValue, &buffer,
      &size, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
    guard status == 0, let start = unsafe buffer else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(size)))
  }
}
