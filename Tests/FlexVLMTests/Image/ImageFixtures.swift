import FlexVLM
import Foundation

/// The image files of `Scripts/make_image_fixtures.py` and the pixels they must give.
enum ImageFixtures {
  struct Expectation: Decodable, CustomStringConvertible {
    let file: String
    let alpha: String
    let exif: Bool
    let width: Int
    let height: Int
    let offset: Int

    var options: ImageReadingOptions {
      var options = ImageReadingOptions()
      options.alpha = alpha == "white" ? .white : .drop
      options.appliesEXIFOrientation = exif
      return options
    }

    var image: RGBImage {
      let pixels = ImageFixtures.pixels[offset..<(offset + width * height * 3)]
      return RGBImage(width: width, height: height, pixels: Array(pixels))
    }

    var description: String {
      file + (alpha == "white" ? ", on white" : "") + (exif ? "" : ", EXIF ignored")
    }
  }

  static let folder = Bundle.module.resourceURL!
    .appending(path: "Fixtures/images", directoryHint: .isDirectory)

  static let expectations = try! JSONDecoder().decode(
    [Expectation].self, from: Data(contentsOf: folder.appending(path: "index.json")))

  private static let pixels = bytes(of: "expected.rgb")

  static func path(of file: String) -> String { folder.appending(path: file).path }

  static func bytes(of file: String) -> [UInt8] {
    try! Array(Data(contentsOf: folder.appending(path: file)))
  }
}
