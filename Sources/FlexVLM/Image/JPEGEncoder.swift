internal import CImageIO

#if canImport(Glibc)
  internal import Glibc
#endif

extension RGBImage {
  /// The image as a JPEG file with halved colour resolution.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Returns: nil if the system has no memory left or a side is beyond the format's 65,500.
  func encodedJPEG(quality: Int) -> [UInt8]? {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    defer { unsafe free(bytes) }
    let isWritten = unsafe image_write_jpeg(
      pixels, UInt32(width), UInt32(height), Int32(quality), &bytes, &count)
    guard isWritten, let start = unsafe bytes else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }
}
