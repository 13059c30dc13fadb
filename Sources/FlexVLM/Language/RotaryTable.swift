internal import Glibc

/// Cosines and sines of rotary positions (Su et al., arXiv 2104.09864).
struct RotaryTable {
  /// Whether components 2i and 2i + 1 rotate together, as llama.cpp orders the rows of query and key
  /// weights; otherwise i and i + width / 2 do, as Hugging Face orders them (Algorithm 5.2).
  let rotatesNeighbours: Bool
  let cosines: Matrix  // [positions, width / 2]
  let sines: Matrix  // [positions, width / 2]

  init(_ configuration: LanguageConfiguration) {
    rotatesNeighbours = configuration.rotatesNeighbours
    let half = configuration.headWidth / 2
    let frequencies = (0..<half).map {
      1 / powf(configuration.ropeBase, Float(2 * $0) / Float(configuration.headWidth))
    }
    cosines = Matrix(rows: configuration.contextLength, columns: half)
    sines = Matrix(rows: configuration.contextLength, columns: half)
    for position in 0..<configuration.contextLength {
      for (index, frequency) in frequencies.enumerated() {
        cosines[position, index] = cosf(Float(position) * frequency)
        sines[position, index] = sinf(Float(position) * frequency)
      }
    }
  }

  private init(cosines: Matrix, sines: Matrix, rotatesNeighbours: Bool) {
    self.rotatesNeighbours = rotatesNeighbours
    self.cosines = cosines
    self.sines = sines
  }

  /// In place: rotates every head of row i of x by position `start + i`.
  func rotate(_ x: Matrix, from start: Int) {
    precondition(start >= 0 && start + x.rows <= cosines.rows)
    for row in 0..<x.rows {
      x.rotate(
        row: row, cosines: cosines.rows(start + row..<start + row + 1),
        sines: sines.rows(start + row..<start + row + 1), neighbours: rotatesNeighbours)
    }
  }

  /// The image's positions enlarged to its high-resolution tokens: cosines and sines of the
  /// low-resolution tokens, each interpolated by torch's bicubic (a = -0.75, no antialiasing;
  /// Algorithm 7.2).
  ///
  /// - Returns: rows in the layout's order, cell by cell.
  func enlarged(from start: Int, lowGrid: Int, layout: CellLayout) -> RotaryTable {
    let taps = Self.bicubicTaps(from: lowGrid, to: layout.highGrid)
    func enlarge(_ table: Matrix) -> Matrix {
      let result = Matrix(rows: layout.rowOfToken.count, columns: table.columns)
      var line = Array(repeating: Float(0), count: lowGrid * table.columns)
      for y in 0..<layout.highGrid {
        for x in 0..<lowGrid {
          for i in 0..<table.columns {
            line[x * table.columns + i] = taps[y].reduce(0) {
              $0 + $1.weight * table[start + $1.source * lowGrid + x, i]
            }
          }
        }
        for x in 0..<layout.highGrid {
          let row = layout.rowOfToken[y * layout.highGrid + x]
          for i in 0..<table.columns {
            result[row, i] = taps[x].reduce(0) {
              $0 + $1.weight * line[$1.source * table.columns + i]
            }
          }
        }
      }
      return result
    }
    return RotaryTable(
      cosines: enlarge(cosines), sines: enlarge(sines), rotatesNeighbours: rotatesNeighbours)
  }

  /// The four sources of each enlarged place; those beyond the border repeat it.
  static func bicubicTaps(from: Int, to: Int) -> [[(source: Int, weight: Float)]] {
    let a = -0.75
    func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return (0..<to).map { index in
      let place = Double(from) / Double(to) * (Double(index) + 0.5) - 0.5
      let base = place.rounded(.down)
      let t = place - base
      return zip(-1...2, [far(t + 1), near(t), near(1 - t), far(2 - t)]).map { offset, weight in
        (min(max(Int(base) + offset, 0), from - 1), Float(weight))
      }
    }
  }
}
