internal import CTurboJPEG

extension RGBImage {
  /// Decodes a JPEG: grey, YCbCr of any subsampling, RGB, CMYK or YCCK; sequential or progressive.
  ///
  /// Bad data inside a whole file gives the pixels that the decoder makes of it, as with PIL; a
  /// file that is cut off is an error.
  static func decodedJPEG(
    _ bytes: [UInt8], header: JPEGHeader, name: String
  ) throws(ImageError) -> RGBImage {
    func damaged(_ reason: String) -> ImageError {
      .damaged(name: name, format: "JPEG", reason: reason)
    }
    guard header.width > 0, header.height > 0 else { throw damaged("it has no frame header") }
    guard header.hasEnd else { throw damaged("the file ends early") }
    try checkSize(width: header.width, height: header.height, name: name)
    guard let decoder = unsafe tjInitDecompress() else { throw damaged("out of memory") }
    defer { unsafe tjDestroy(decoder) }

    let isCMYK = header.componentCount == 4
    let format = isCMYK ? TJPF_CMYK : TJPF_RGB
    let stride = header.width * (isCMYK ? 4 : 3)
    // A file of endless progressive scans is refused; the accurate transform is PIL's.
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    var pixels = [UInt8](repeating: 0, count: stride * header.height)
    let status = unsafe tjDecompress2(
      decoder, bytes, UInt(bytes.count), &pixels, Int32(header.width), Int32(stride),
      Int32(header.height), format.rawValue, flags)
    if status != 0, unsafe tjGetErrorCode(decoder) == Int32(TJERR_FATAL.rawValue) {
      throw damaged(unsafe String(cString: tjGetErrorStr2(decoder)))
    }
    if isCMYK { pixels = convertedToRGB(invertedCMYK: pixels) }
    return RGBImage(width: header.width, height: header.height, pixels: pixels)
  }

  /// Adobe's CMYK, where 255 is no ink, as PIL converts it: without a colour profile.
  private static func convertedToRGB(invertedCMYK: [UInt8]) -> [UInt8] {
    var rgb = [UInt8](repeating: 0, count: invertedCMYK.count / 4 * 3)
    for pixel in 0..<invertedCMYK.count / 4 {
      let light = invertedCMYK[pixel * 4 + 3]
      for channel in 0..<3 {
        let ink = 255 - invertedCMYK[pixel * 4 + channel]
        rgb[pixel * 3 + channel] = light - share(ink, of: light)
      }
    }
    return rgb
  }
}
