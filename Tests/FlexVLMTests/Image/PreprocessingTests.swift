import Testing

@testable import FlexVLM

/// The reference's processor on images of odd sizes: `Fixtures/parity/preproc`.
@Suite struct PreprocessingTests {
  struct Vectors: Decodable {
    let background: [UInt8]
    let imageMean: [Float]
    let imageStd: [Float]
    let cases: [Case]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let file: String
    let hrSize: Int
    let lrSize: Int
    let hr: Samples
    let lr: Samples
    let plain336: Samples?
    let hrU8Sha256: String
    var testDescription: String { name }
  }

  struct Samples: Decodable {
    let sampleIndex: [Int]
    let sampleValue: [Double]
  }

  static let vectors = try! Fixture.json("parity/preproc/expected.json", as: Vectors.self)

  private func square(_ file: String, side: Int) throws -> RGBImage {
    let background = Self.vectors.background
    return try RGBImage(contentsOfFile: Fixture.path("parity/preproc/\(file)"))
      .squared(to: side, background: SIMD3(background[0], background[1], background[2]))
  }

  private func normalized(_ image: RGBImage) -> NormalizedImage {
    NormalizedImage(image, mean: Self.vectors.imageMean, deviation: Self.vectors.imageStd)
  }

  @Test("high view: every pixel and the normalised samples are exact", arguments: vectors.cases)
  func highView(of test: Case) throws {
    let resized = try square(test.file, side: test.hrSize)
    let planar = (0..<3).flatMap { channel in
      stride(from: channel, to: resized.pixels.count, by: 3).map { resized.pixels[$0] }
    }
    #expect(sha256(planar) == test.hrU8Sha256)
    let high = normalized(resized).planes
    for (index, value) in zip(test.hr.sampleIndex, test.hr.sampleValue) {
      #expect(high.values[index] == Float(value))
    }
  }

  // torch sums in another order; single precision leaves 3e-7 on values up to 2.
  @Test("low view: the shrunk high view is torch's within 1e-6", arguments: vectors.cases)
  func lowView(of test: Case) throws {
    let low = normalized(try square(test.file, side: test.hrSize))
      .shrunk(to: test.lrSize)
    #expect(low.values.count == 3 * test.lrSize * test.lrSize)
    for (index, value) in zip(test.lr.sampleIndex, test.lr.sampleValue) {
      #expect(abs(Double(low.values[index]) - value) <= 1e-6)
    }
  }

  @Test("plain LLaVA's 336 pixels are the reference's", arguments: vectors.cases)
  func plainView(of test: Case) throws {
    guard let expected = test.plain336 else { return }
    let plain = normalized(try square(test.file, side: 336)).planes
    for (index, value) in zip(expected.sampleIndex, expected.sampleValue) {
      #expect(plain.values[index] == Float(value))
    }
  }
}
