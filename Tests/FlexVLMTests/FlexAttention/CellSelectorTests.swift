import Testing

@testable import FlexVLM

/// Selection of cells against torch's operators: `Fixtures/parity/select-units`.
@Suite struct CellSelectorTests {
  struct Vectors: Decodable {
    let cases: [Case]
    let adaptivePoolBins: [String: [[Int]]]
    let nearest9To: [String: [Int]]
    let bicubic1D: [String: [[Float]]]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let id: Int
    let label: String?
    let grid: Int
    let hdGrid: Int
    let width: Int
    let height: Int
    let threshold: Int
    let margin: Int
    let cells: String
    let nCells: Int
    let nHd: Int?
    let nan: Bool
    var testDescription: String {
      "\(id): \(label ?? "random") \(grid) -> \(hdGrid), \(width) x \(height), above \(threshold)"
    }
  }

  static let vectors = try! Fixture.json("parity/select-units/expected.json", as: Vectors.self)
  static let rows = try! Safetensors("parity/select-units/rows.safetensors")

  @Test("Cells, map and margin equal torch's", arguments: vectors.cases)
  func selection(of test: Case) {
    let selector = CellSelector(
      lowGrid: test.grid, cellGrid: 9, threshold: test.threshold, imageWidth: test.width,
      imageHeight: test.height)
    let map = selector.map(Self.rows.floats("row\(test.id)"))
    let cells = selector.cells(map)
    #expect(selector.margin == test.margin)
    #expect(cells.description == test.cells)
    #expect(cells.count == test.nCells)
    #expect(map.contains { $0.isNaN } == test.nan)
    if !test.nan {
      // One subtraction and one division in float32: the rounding is torch's.
      expectClose(map, Self.rows.floats("norm\(test.id)"), within: 1e-7, "map")
    }
    if let tokens = test.nHd {
      #expect(CellLayout(cellGrid: 9, highGrid: test.hdGrid).runs(cells).count == tokens)
    }
  }

  @Test("Pooling bins equal torch's adaptive pooling", arguments: vectors.adaptivePoolBins.keys)
  func bins(grid: String) {
    let selector = CellSelector(
      lowGrid: Int(grid)!, cellGrid: 9, threshold: 0, imageWidth: 1, imageHeight: 1)
    let bins = (0..<9).map { [selector.bin($0).lowerBound, selector.bin($0).upperBound] }
    #expect(bins == Self.vectors.adaptivePoolBins[grid])
  }

  @Test("Cells enlarge as torch's nearest neighbour", arguments: vectors.nearest9To.keys)
  func layout(grid: String) {
    let count = Int(grid)!
    let layout = CellLayout(cellGrid: 9, highGrid: count)
    let expected = Self.vectors.nearest9To[grid]!
    for y in 0..<count {
      for x in 0..<count {
        let cell = expected[y] * 9 + expected[x]
        #expect(layout.rows[cell].contains(layout.rowOfToken[y * count + x]))
      }
    }
    #expect(layout.rowOfToken.sorted() == Array(0..<count * count))
  }

  @Test("Neighbouring cells make one run")
  func runs() {
    let layout = CellLayout(cellGrid: 3, highGrid: 6)
    #expect(layout.runs([0, 1, 2, 5, 7, 8]).ranges == [0..<12, 20..<24, 28..<36])
    #expect(layout.runs([]).ranges.isEmpty)
  }

  @Test("Bicubic weights equal torch's", arguments: vectors.bicubic1D.keys)
  func bicubic(sizes: String) {
    let ends = sizes.split(separator: "->").map { Int($0)! }
    let expected = Self.vectors.bicubic1D[sizes]!
    for (taps, row) in zip(RotaryTable.bicubicTaps(from: ends[0], to: ends[1]), expected) {
      var dense = Array(repeating: Float(0), count: ends[0])
      for tap in taps { dense[tap.source] += tap.weight }
      // torch computes the weights in float32, at a place whose error is that of float32.
      expectClose(dense, row, within: 2e-5, sizes)
    }
  }
}
