import Testing

@testable import FlexVLM

@Suite struct DecodingTests {
  @Test("decoded pixels are PIL's", arguments: ImageFixtures.expectations)
  func parity(_ expected: ImageFixtures.Expectation) throws {
    let image = try RGBImage(
      contentsOfFile: ImageFixtures.path(of: expected.file), options: expected.options)
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    let differences = zip(image.pixels, expected.image.pixels).filter { $0 != $1 }.count
    #expect(differences == 0)
  }
}
