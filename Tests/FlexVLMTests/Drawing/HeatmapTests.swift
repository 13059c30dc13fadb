import Foundation
import Testing

@testable import FlexVLM

@Suite struct HeatmapTests {
  /// A landscape image and two steps of three layers, the last of which nobody sees.
  static func heatmap() -> Heatmap {
    let (width, height) = (180, 120)
    let pixels = (0..<width * height).flatMap { pixel -> [UInt8] in
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let ring = (x - 60) * (x - 60) + (y - 50) * (y - 50) < 900
      return ring ? [30, 120, 60] : [UInt8(x), UInt8(255 - y), 230]
    }
    let selections = [[[5, 6], [6], [0, 15]], [[6, 9], [], [1]]].map { layers in
      layers.enumerated().map { index, cells in
        LayerSelection(
          layer: 2 + index, cells: CellMask(grid: 4, cells: cells),
          map: (0..<36).map { index == 1 && cells.isEmpty ? .nan : Float($0 * 7 % 36) / 35 },
          tokens: TokenSelection(rows: RowRuns(cells)))
      }
    }
    let steps = zip(["Café", ""], selections).map {
      GenerationStep(token: 1, text: $0, loss: 0, normalizer: 0, top: [], selections: $1)
    }
    var model = ModelConfiguration.official7B
    model.name = "tiny"
    model.language.layerCount = 5
    return Heatmap(
      image: RGBImage(width: width, height: height, pixels: pixels),
      question: "What is written over the door of the house on the left?",
      answer: Answer(
        text: "Café Über, 12 €", finishReason: .end, promptTokens: [], imageRange: nil,
        steps: steps, statistics: GenerationStatistics()),
      model: model, selection: SelectionOptions())!
  }

  @Test("Frequencies count layers that are seen; the flat map counts for nothing")
  func frequencies() {
    let heatmap = Self.heatmap()
    #expect(heatmap.frequencies[6] == 0.75)
    #expect(heatmap.frequencies[5] == 0.25)
    #expect(heatmap.frequencies[0] == 0)
    #expect(heatmap.attention.max() == 1)
    #expect(heatmap.subtitle == "tiny • policy flex • 2 tokens • 7.8 % of the cells seen")
  }

  @Test("Without any selection there is no picture")
  func nothingSelected() {
    let heatmap = Self.heatmap()
    let answer = Answer(
      text: "", finishReason: .end, promptTokens: [], imageRange: nil,
      steps: [GenerationStep(token: 1, text: "", loss: 0, normalizer: 0, top: [], selections: [])],
      statistics: GenerationStatistics())
    #expect(
      Heatmap(
        image: heatmap.image, question: "", answer: answer, model: .official7B,
        selection: SelectionOptions()) == nil)
  }

  @Test("Pictures look as in Fixtures/heatmaps", arguments: ["overview", "layers"])
  func golden(name: String) throws {
    let heatmap = Self.heatmap()
    let picture = name == "overview" ? heatmap.overview(size: 360) : heatmap.contactSheet(tile: 90)
    let png = try #require(picture.encodedPNG())
    let fresh = FileManager.default.temporaryDirectory.appending(path: "heatmap-\(name).png")
    try Data(png).write(to: fresh)
    #expect(try RGBImage(contentsOfFile: fresh.path) == picture, "PNG keeps every pixel")

    let golden = try RGBImage(contentsOfFile: Fixture.path("heatmaps/\(name).png"))
    try #require(golden.width == picture.width && golden.height == picture.height)
    // Floating-point rounding may move a sample by one, and the edge of a letter by a little more.
    let differences = zip(golden.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }
    #expect(
      differences.count { $0 > 2 } < differences.count / 1000 && differences.max()! <= 32,
      "if the change is meant, look at \(fresh.path) and copy it there")
  }

  @Test("Colours get lighter from 0 to 1, evenly")
  func inferno() {
    let lightness = (0...64).map { step in
      let colour = ColourMap.inferno(Float(step) / 64)
      func linear(_ sample: UInt8) -> Double {
        let value = Double(sample) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      let luminance =
        0.2126 * linear(colour.x) + 0.7152 * linear(colour.y) + 0.0722 * linear(colour.z)
      return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
    }
    for (darker, lighter) in zip(lightness, lightness.dropFirst()) {
      // Even steps of CIE L* would be 1.56; interpolation between 17 stops bends them.
      #expect((0.4...3.2).contains(lighter - darker))
    }
  }
}
