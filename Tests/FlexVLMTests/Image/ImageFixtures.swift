import FlexVLM
import Foundation

/// The image files of `Scripts/fixtures/make_image_fixtures.py` and the pixels they must give.
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

  static let expectations = try! Fixture.json("images/index.json", as: [Expectation].self)
  static let files = Set(expectations.map(\.file)).sorted()

  private static let pixels = bytes(of: "expected.rgb")

  static func path(of file: String) -> String { Fixture.path("images/\(file)") }

  static func bytes(of file: String) -> [UInt8] {
    try! Array(Data(contentsOf: URL(filePath: path(of: file))))
  }
}
