extension Workspace {
  /// Hierarchical attention of one position (FlexAttention, section 3.3): a single softmax over its
  /// ordinary keys and those of the selected high-resolution cells.
  ///
  /// The attention map is of the ordinary keys alone: what the softmax would be without cells.
  ///
  /// - Parameters:
  ///   - query: [1, heads * head width], rotated.
  ///   - keys, values: [positions, key-value heads * head width].
  ///   - cells: high-resolution keys and values, and which of their rows to see; nil for none.
  ///   - image: positions of the low-resolution image tokens, where a map is wanted.
  ///   - output: [1, heads * head width]
  /// - Returns: for each image token the attention paid to it, summed over heads.
  func hierarchicalAttention(
    _ query: Matrix, keys: Matrix, values: Matrix, cells: SelectedCells?, image: Range<Int>?,
    headCount: Int, into output: Matrix
  ) -> [Float]? {
    let width = query.columns / headCount
    let sharing = headCount / (keys.columns / width)
    let ordinary = keys.rows
    let runs = cells?.runs ?? []
    let total = ordinary + (cells?.tokenCount ?? 0)
    let scratch = matrix(.scores, rows: headCount, columns: total)
    let maps = image.map { Matrix(rows: headCount, columns: $0.count) }
    let scale = 1 / Float(width).squareRoot()

    @Sendable func attend(head: Int) {
      let own = head * width..<(head + 1) * width
      let shared = head / sharing * width..<(head / sharing + 1) * width
      let low = scratch.rows(head..<head + 1).columns(0..<ordinary)
      let high = scratch.rows(head..<head + 1).columns(ordinary..<total)
      let target = output.columns(own)
      let vector = query.columns(own)
      RowAttention.scores(vector, keys: keys.columns(shared), scale: scale, into: low)
      let (lowSum, lowTop) = RowAttention.exponentials(low)
      if let image, let maps {
        maps.rows(head..<head + 1).copy(from: low.columns(image), scale: 1 / lowSum)
      }
      target.fill(0)
      guard let cells, high.columns > 0 else {
        RowAttention.add(weights: low, values: values.columns(shared), to: target)
        target.scale(by: 1 / lowSum)
        return
      }
      var offset = 0
      for run in runs {
        RowAttention.scores(
          vector, keys: cells.keys.rows(run).columns(shared), scale: scale,
          into: high.columns(offset..<offset + run.count))
        offset += run.count
      }
      let (highSum, highTop) = RowAttention.exponentials(high)
      // The two softmaxes join by what each exponential must be scaled with to share a maximum.
      let top = max(lowTop, highTop)
      let (lowWeight, highWeight) = (exponential(lowTop - top), exponential(highTop - top))
      low.scale(by: lowWeight)
      high.scale(by: highWeight)
      RowAttention.add(weights: low, values: values.columns(shared), to: target)
      offset = 0
      for run in runs {
        RowAttention.add(
          weights: high.columns(offset..<offset + run.count),
          values: cells.values.rows(run).columns(shared), to: target)
        offset += run.count
      }
      target.scale(by: 1 / (lowWeight * lowSum + highWeight * highSum))
    }

    if headCount * total * width < Workspace.parallelThreshold {
      for head in 0..<headCount { attend(head: head) }
    } else {
      parallel(tasks: headCount) { head, _ in attend(head: head) }
    }
    return maps.map { maps in
      (0..<maps.columns).map { token in
        (0..<headCount).reduce(Float(0)) { $0 + maps[$1, token] }
      }
    }
  }
}
