/// Pictures of where a model looked while it answered: the cells whose high-resolution tokens it
/// saw, and its attention to the low-resolution view.
public struct Heatmap: Sendable {
  let image: RGBImage
  let question: String
  let answer: Answer
  /// Layers that attend to high-resolution tokens; what the last layer selects is never seen.
  let layers: Int
  let subtitle: String
  static let ink = Colour(24, 24, 27)
  static let paleInk = Colour(113, 113, 122)
  static let paper = Colour(255, 255, 255)

  /// - Parameters:
  ///   - image: what the question was about.
  ///   - question: as it is to be printed.
  ///   - answer: with the selections of each step.
  ///   - model: what it was asked of.
  ///   - selection: how cells were selected.
  /// - Returns: nil where no layer selected anything, as with plain LLaVA.
  public init?(
    image: RGBImage, question: String, answer: Answer, model: ModelConfiguration,
    selection: SelectionOptions
  ) {
    self.image = image
    self.question = question
    self.answer = answer
    layers = model.language.layerCount - 1
    let (selected, cells) = Self.seen(answer, layers: layers).reduce((0, 0)) {
      ($0.0 + $1.cells.count, $0.1 + $1.cells.isSelected.count)
    }
    guard cells > 0 else { return nil }
    let percent = (Double(selected) / Double(cells) * 1000).rounded() / 10
    let count = answer.steps.count
    subtitle =
      "\(model.name) • policy \(selection.policy.rawValue) • \(count) "
      + (count == 1 ? "token" : "tokens") + " • \(percent) % of the cells seen"
  }

  /// Of all steps, the selections that a layer after them saw.
  private static func seen(_ answer: Answer, layers: Int) -> [LayerSelection] {
    answer.steps.flatMap { $0.selections.filter { $0.layer < layers } }
  }

  var selections: [LayerSelection] { Self.seen(answer, layers: layers) }

  /// How often each cell was seen, as a share of all layers and steps.
  var frequencies: [Float] {
    let selections = selections
    return selections[0].cells.isSelected.indices.map { cell in
      selections.reduce(0) { $0 + ($1.cells.isSelected[cell] ? 1 : 0) } / Float(selections.count)
    }
  }

  /// Attention to the low-resolution patches, averaged over layers and steps and scaled to 1.
  var attention: [Float] {
    let maps = selections.map(\.map).filter { !$0[0].isNaN }
    let count = selections[0].map.count
    let sums = (0..<count).map { patch in maps.reduce(0) { $0 + $1[patch] } }
    let top = max(sums.max() ?? 0, .leastNormalMagnitude)
    return sums.map { $0 / top }
  }
}

// MARK: - Panels

extension Heatmap {
  /// The image with unseen cells darkened and seen ones framed, the warmer the oftener.
  func cellPanel(_ view: Canvas, frequencies: [Float], line: Int) -> Canvas {
    var panel = view
    let grid = Int(Float(frequencies.count).squareRoot().rounded())
    let frame = SquareFrame(width: view.width, height: view.height)
    let top = max(frequencies.max() ?? 0, .leastNormalMagnitude)
    panel.change(0..<view.width, 0..<view.height) { x, y, old in
      let cell = frame.cell(x: x, y: y, grid: grid)
      if frequencies[cell] > 0 {
        return ColourMap.mix(old, ColourMap.warmth(frequencies[cell] / top), 0.12)
      }
      return ColourMap.mix(ColourMap.mix(old, Self.grey(old), 0.7), Colour(20, 16, 36), 0.55)
    }
    let order = frequencies.indices.filter { frequencies[$0] > 0 }.sorted {
      frequencies[$0] < frequencies[$1]
    }
    for cell in order {
      let (columns, rows) = frame.rectangle(of: cell, grid: grid)
      panel.frame(
        columns, rows, line: line, ColourMap.warmth(frequencies[cell] / top))
    }
    return panel
  }

  /// The image in grey under its low-resolution attention.
  func attentionPanel(_ view: Canvas, _ attention: [Float]) -> Canvas {
    var panel = view
    let grid = Int(Float(attention.count).squareRoot().rounded())
    let frame = SquareFrame(width: view.width, height: view.height)
    panel.change(0..<view.width, 0..<view.height) { x, y, old in
      // The square root spreads the low values, which most patches have.
      let value = attention[frame.cell(x: x, y: y, grid: grid)].squareRoot()
      return ColourMap.mix(Self.grey(old), ColourMap.inferno(value), 0.55 + 0.3 * value)
    }
    return panel
  }

  private static func grey(_ colour: Colour) -> Colour {
    let luma = 0.299 * Float(colour.x) + 0.587 * Float(colour.y) + 0.114 * Float(colour.z)
    return Colour(repeating: UInt8(luma))
  }
}

/// The square that an image is padded to, over a panel that shows the image alone.
struct SquareFrame {
  let side: Float
  let left: Float
  let top: Float

  init(width: Int, height: Int) {
    side = Float(max(width, height))
    left = (Float(width) - side) / 2
    top = (Float(height) - side) / 2
  }

  /// The cell of a grid over the square that holds a pixel's centre.
  func cell(x: Int, y: Int, grid: Int) -> Int {
    func index(_ pixel: Int, _ start: Float) -> Int {
      min(max(Int((Float(pixel) + 0.5 - start) / side * Float(grid)), 0), grid - 1)
    }
    return index(y, top) * grid + index(x, left)
  }

  /// Pixels of a cell, which may lie outside the panel.
  func rectangle(of cell: Int, grid: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    func range(_ index: Int, _ start: Float) -> Range<Int> {
      let pixel = { (line: Int) in
        Int((start + Float(line) * self.side / Float(grid) + 0.5).rounded(.down))
      }
      return pixel(index)..<pixel(index + 1)
    }
    return (range(cell % grid, left), range(cell / grid, top))
  }
}
