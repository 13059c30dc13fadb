// The two pictures of a heat-map: an overview, and a contact sheet of layers and steps.

extension Heatmap {
  /// The image with the cells that were seen, the attention to its low-resolution view, question and
  /// answer.
  ///
  /// - Parameter size: pixels of the image's longer side.
  public func overview(size: Int = 896) -> RGBImage {
    let unit = Float(size) / 896
    func pixels(_ length: Float) -> Int { Int((length * unit).rounded()) }
    let view = image.scaled(longerSide: size)
    let (margin, gap) = (pixels(32), pixels(28))
    let column = max(pixels(320), Int(Float(view.width) * 0.42))
    let small = image.scaled(
      longerSide: max(1, min(column, column * max(view.width, view.height) / view.width, size / 2)))
    let width = margin + view.width + gap + column + margin
    let textWidth = Float(width - 2 * margin)
    let questionLines = Typeface.inter.lines(of: question, size: 24 * unit, width: textWidth)
    let answerLines = Typeface.inter.lines(of: answer.text, size: 38 * unit, width: textWidth)

    let panels = max(view.height, small.height + pixels(170))
    let captions = questionLines.count * pixels(34) + answerLines.count * pixels(50) + pixels(34)
    var canvas = Canvas(
      width: width, height: margin + panels + pixels(24) + captions + margin,
      background: Self.paper)
    canvas.draw(
      cellPanel(Canvas(view), frequencies: frequencies, line: max(1, pixels(3))), x: margin,
      y: margin)
    let x = margin + view.width + gap
    canvas.draw(attentionPanel(Canvas(small), attention), x: x, y: margin)
    var y = margin + small.height + pixels(26)
    canvas.draw("Attention to the low-resolution view", size: 17 * unit, x: x, y: y, Self.ink)
    y += pixels(56)
    drawScale(on: &canvas, x: x, y: y, width: min(column, pixels(300)), height: pixels(14))
    canvas.draw(
      "Cells by how often layers saw them", size: 17 * unit, x: x, y: y - pixels(12), Self.ink)
    let labels = y + pixels(34)
    let most = Int(((frequencies.max() ?? 0) * 100).rounded())
    let label = "\(most) %"
    canvas.draw("0 %", size: 15 * unit, x: x, y: labels, Self.paleInk)
    canvas.draw(
      label, size: 15 * unit,
      x: x + min(column, pixels(300)) - Int(Typeface.inter.width(of: label, size: 15 * unit)),
      y: labels, Self.paleInk)

    y = margin + panels + pixels(24)
    for line in questionLines {
      y += pixels(34)
      canvas.draw(line, size: 24 * unit, x: margin, y: y - pixels(8), Self.paleInk)
    }
    for line in answerLines {
      y += pixels(50)
      canvas.draw(line, size: 38 * unit, x: margin, y: y - pixels(10), Self.ink)
    }
    canvas.draw(subtitle, size: 16 * unit, x: margin, y: y + pixels(26), Self.paleInk)
    return canvas.image
  }

  /// Every step and layer: a row for each token, a column for each layer, the cells that the layer
  /// chose over its attention.
  ///
  /// - Parameters:
  ///   - tile: pixels of a tile's longer side.
  ///   - limit: rows at most; the first steps are shown.
  public func contactSheet(tile: Int = 168, limit: Int = 24) -> RGBImage {
    let view = image.scaled(longerSide: tile)
    let steps = answer.steps.prefix(limit)
    let columns = steps.map { $0.selections.count }.max() ?? 0
    let (margin, gap, side) = (24, 8, 120)
    let width = margin + side + columns * (view.width + gap) - gap + margin
    let questionLines = Typeface.inter.lines(
      of: question, size: 18, width: Float(width - 2 * margin))
    let top = margin + questionLines.count * 26 + 34
    var canvas = Canvas(
      width: width, height: top + steps.count * (view.height + gap) - gap + 44 + margin / 2,
      background: Self.paper)
    for (index, line) in questionLines.enumerated() {
      canvas.draw(line, size: 18, x: margin, y: margin + 16 + index * 26, Self.ink)
    }
    for (row, step) in steps.enumerated() {
      let y = top + row * (view.height + gap)
      let token = step.text.isEmpty ? "end" : step.text
      let line = Typeface.inter.lines(of: token, size: 20, width: Float(side - 12))[0]
      canvas.draw(
        line, size: 20, x: margin, y: y + view.height / 2 + 7,
        step.text.isEmpty ? Self.paleInk : Self.ink)
      for (column, selection) in step.selections.enumerated() {
        let x = margin + side + column * (view.width + gap)
        if row == 0 {
          let note = selection.layer < layers ? "" : ", not seen"
          canvas.draw(
            "layer \(selection.layer)\(note)", size: 14, x: x, y: top - 8, Self.paleInk)
        }
        canvas.draw(panel(of: selection, view: Canvas(view)), x: x, y: y)
      }
    }
    let rest = answer.steps.count - steps.count
    canvas.draw(
      subtitle + (rest > 0 ? " • \(rest) more tokens not shown" : ""), size: 14, x: margin,
      y: canvas.height - margin, Self.paleInk)
    return canvas.image
  }

  private func panel(of selection: LayerSelection, view: Canvas) -> Canvas {
    let map = selection.map[0].isNaN ? selection.map.map { _ in 0 } : selection.map
    var panel = attentionPanel(view, map)
    let frame = SquareFrame(width: view.width, height: view.height)
    for cell in selection.cells.cells {
      let (columns, rows) = frame.rectangle(of: cell, grid: selection.cells.grid)
      panel.frame(columns, rows, line: 1, Self.paper)
    }
    return panel
  }

  private func drawScale(on canvas: inout Canvas, x: Int, y: Int, width: Int, height: Int) {
    canvas.change(x..<x + width, y..<y + height) { column, _, _ in
      ColourMap.warmth(Float(column - x) / Float(max(width - 1, 1)))
    }
  }
}

extension RGBImage {
  /// The image with its longer side at a length, the proportions kept.
  func scaled(longerSide: Int) -> RGBImage {
    let scale = Float(longerSide) / Float(max(width, height))
    return resizedBicubic(
      width: max(1, Int((Float(width) * scale).rounded())),
      height: max(1, Int((Float(height) * scale).rounded())))
  }
}
