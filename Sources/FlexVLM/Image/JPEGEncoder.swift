internal import CImageReader

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension RGBImage {
  /// The image as a JPEG file with halved colour resolution.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Returns: nil if there is no memory left or a side is beyond the format's limit.
  func encodedJPEG(quality: Int) -> [UInt8]? {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    defer { unsafe free(bytes) }
    guard
      unsafe image_write_jpeg(
        pixels, UInt32(width), UInt32(height), Int32(quality), &bytes, &count),
      let start = unsafe bytes
    else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
