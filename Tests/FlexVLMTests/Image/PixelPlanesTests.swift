import Testing

@testable import FlexVLM

@Suite struct PixelPlanesTests {
  @Test(
    "the square has the image in its middle, the odd pixel of border right or below",
    arguments: [
      (1, 4, [0, 7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0]),
      (4, 1, [0, 0, 0, 0, 7, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0]),
      (3, 1, [0, 0, 0, 7, 7, 7, 0, 0, 0]),
      (2, 2, [7, 7, 7, 7]),
    ])
  func padding(width: Int, height: Int, reds: [UInt8]) {
    let pixels = (0..<width * height).flatMap { _ in [7, 8, 9] as [UInt8] }
    let square = RGBImage(width: width, height: height, pixels: pixels)
      .squared(to: max(width, height), background: [0, 1, 2])
    #expect(square.width == square.height)
    #expect(square.pixels == reds.flatMap { $0 == 7 ? [7, 8, 9] : [0, 1, 2] })
  }

  @Test("planes come one after another, each with its own mean and deviation")
  func normalization() {
    let image = RGBImage(
      width: 2, height: 2, pixels: [0, 51, 255, 255, 51, 0, 0, 102, 0, 0, 0, 255])
    let planes = NormalizedImage(image, mean: [0, 0.2, 0.5], deviation: [1, 0.1, 0.5]).planes
    #expect(planes.values[..<4] == [0, 1, 0, 0])
    #expect(planes.values[8...] == [1, -1, -1, 1])
    expectClose(Array(planes.values[4..<8]), [0, 0, 2, -2], within: 1e-6, "green")
  }

  @Test("a crop is a square of each plane")
  func crops() {
    let pixels = (0..<36 as Range<UInt8>).flatMap { [$0, $0 + 36, $0 + 72] }
    let image = NormalizedImage(
      RGBImage(width: 6, height: 6, pixels: pixels), mean: [0, 0, 0],
      deviation: [1 / 255, 1 / 255, 1 / 255])
    let crop = image.crop(row: 4, column: 1, size: 2)
    #expect(crop.size == 2)
    #expect(
      crop.values.map { $0.rounded() } == [25, 26, 31, 32, 61, 62, 67, 68, 97, 98, 103, 104])
    #expect(image.planes.values.map { $0.rounded() } == (0..<108).map { Float($0) })
  }
}
