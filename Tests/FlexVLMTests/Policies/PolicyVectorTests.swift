import Testing

@testable import FlexVLM

/// Every policy against numpy (`Scripts/reference/policies.py`). Choices are exact; merged features
/// are sums of up to 33 float32 products, rounded to five decimals in the file.
@Suite struct PolicyVectorTests {
  struct Cells: Decodable, Sendable {
    let grid, cells: Int
    let budget: Double
    let map: [Float]
    let best, central: [Int]
  }

  @Test("flex-fixed and centre", arguments: try! vectors("cells", of: Cells.self))
  func cells(_ test: Cells) {
    let selector = CellSelector(
      lowGrid: test.grid, cellGrid: test.cells, threshold: 0, imageWidth: 1, imageHeight: 1)
    let count = SelectionOptions(policy: .flexFixed, budget: test.budget)
      .budget(of: test.cells * test.cells)
    let best = CellMask(grid: test.cells, best: count, of: selector.pooled(test.map))
    #expect(best.cells == test.best)
    #expect(CellMask(grid: test.cells, central: count).cells == test.central)
  }

  struct Random: Decodable, Sendable {
    let seed: UInt64
    let position, layer, cells: Int
    let probability: Double
    let selected: [Int]
  }

  @Test("random", arguments: try! vectors("random", of: Random.self))
  func random(_ test: Random) {
    let policy = RandomCells(
      seed: test.seed, probability: test.probability, grid: test.cells,
      layout: CellLayout(cellGrid: test.cells, highGrid: test.cells))
    #expect(policy.cells(position: test.position, layer: test.layer).cells == test.selected)
  }

  struct Hired: Decodable, Sendable {
    let cropsPerSide: Int
    let budget: Double
    let isCompatible: Bool
    let low: [Float]
    let crops: [[Float]]
    let allocation: [Int]
    let kept: [[Int]]
  }

  @Test("hired, as described and as published", arguments: try! vectors("hired", of: Hired.self))
  func hired(_ test: Hired) {
    let policy = HiRED(budget: test.budget, isCompatible: test.isCompatible)
    #expect(
      policy.allocation(
        test.low, cropsPerSide: test.cropsPerSide, tokens: test.crops[0].count)
        == test.allocation)
    #expect(
      policy.tokens(
        lowAttention: test.low, cropAttention: test.crops, cropsPerSide: test.cropsPerSide)
        == test.kept)
  }

  struct Merge: Decodable, Sendable {
    let plus: Bool
    let width: Int
    let features, keys, attention: [Float]
    let kept: [Int]
    let merged: [[Float]]
  }

  @Test("prumerge and prumerge+", arguments: try! vectors("prumerge", of: Merge.self))
  func merge(_ test: Merge) {
    let policy = PruMerge(addsEvenlySpaced: test.plus)
    #expect(policy.kept(test.attention) == test.kept)
    let merged = policy(
      Matrix(test.features, columns: test.width), keys: Matrix(test.keys, columns: test.width),
      attention: test.attention)
    #expect(merged.rows == test.merged.count)
    for (row, values) in test.merged.enumerated() {
      expectClose(merged.values(row: row), values, within: 1e-5, "token \(row)")
    }
  }

  struct Tidal: Decodable, Sendable {
    let ordinary, keep: Int
    let scores: [[Float]]
    let kept: [[Int]]
  }

  @Test("tidal: what each head keeps", arguments: try! vectors("tidal", of: Tidal.self))
  func tidal(_ test: Tidal) {
    let selection = TidalDecode.selection(
      test.scores, ordinary: test.ordinary, keeping: test.keep)
    for (head, kept) in zip(selection.heads!, test.kept) {
      let high = head.rows.indices.map { $0 + test.ordinary }
      #expect(Array(head.positions.indices) + high == kept)
    }
    let union = Set(test.kept.joined()).filter { $0 >= test.ordinary }.sorted()
    #expect(selection.rows.indices.map { $0 + test.ordinary } == union)
  }

  struct Layers: Decodable, Sendable {
    let first, count: Int
    let selecting: [Int]
  }

  @Test("tidal: which layers select", arguments: try! vectors("tidalLayers", of: Layers.self))
  func tidalLayers(_ test: Layers) {
    #expect(
      TidalDecode.selectingLayers(firstHighLayer: test.first, layerCount: test.count)
        == test.selecting)
  }

  static func vectors<Case: Decodable>(_ name: String, of type: Case.Type) throws -> [Case] {
    try Fixture.json("policies/\(name).json", as: [Case].self)
  }
}
