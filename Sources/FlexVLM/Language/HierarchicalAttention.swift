/// High-resolution keys and values, and which of their rows one layer attends to.
struct SelectedTokens {
  let keys: Matrix  // [grid * grid, key-value width]
  let values: Matrix  // [grid * grid, key-value width]
  let selection: TokenSelection
}

/// What is wanted of the last position's attention besides its result.
struct AttentionProbe {
  /// Positions of the low-resolution image tokens.
  let image: Range<Int>
  /// Whether each head's scores of everything it sees are wanted too.
  let keepsScores: Bool
}

/// Where the last position looked.
struct AttentionReading {
  /// To each image token the attention paid, summed over heads: what it would be without
  /// high-resolution tokens (Algorithm 6.1).
  let attention: [Float]
  /// Of each head, scaled scores before the softmax, of ordinary positions, then of selected rows.
  let scores: [[Float]]?
}

extension Workspace {
  /// Hierarchical attention of one position (FlexAttention, section 3.3; Algorithm 7.3): a single
  /// softmax over its ordinary keys and those of the selected high-resolution tokens.
  ///
  /// - Parameters:
  ///   - query: [1, heads * head width], rotated.
  ///   - keys, values: [positions, key-value heads * head width].
  ///   - tokens: high-resolution keys and values, and which of their rows to see; nil for none.
  ///   - output: [1, heads * head width]
  func hierarchicalAttention(
    _ query: Matrix, keys: Matrix, values: Matrix, tokens: SelectedTokens?, probe: AttentionProbe?,
    headCount: Int, into output: Matrix
  ) -> AttentionReading? {
    let width = query.columns / headCount
    let sharing = headCount / (keys.columns / width)
    let everyPosition = RowRuns(0..<keys.rows)
    let total = keys.rows + (tokens?.selection.rows.count ?? 0)
    let scratch = matrix(.scores, rows: headCount, columns: total)
    let maps = probe.map { matrix(.maps, rows: headCount, columns: $0.image.count) }
    let raw = probe.flatMap { $0.keepsScores ? Matrix(rows: headCount, columns: total) : nil }
    let scale = 1 / Float(width).squareRoot()

    @Sendable func attend(head: Int) {
      let own = head * width..<(head + 1) * width
      let shared = head / sharing * width..<(head / sharing + 1) * width
      let (vector, target) = (query.columns(own), output.columns(own))
      let choice = tokens?.selection.heads?[head]
      let positions = choice?.positions ?? everyPosition
      let rows = choice?.rows ?? tokens?.selection.rows ?? RowRuns()
      let scores = scratch.rows(head..<head + 1).columns(0..<positions.count + rows.count)
      let low = scores.columns(0..<positions.count)
      let high = scores.columns(positions.count..<scores.columns)
      score(vector, keys.columns(shared), positions, scale: scale, into: low)
      if let tokens { score(vector, tokens.keys.columns(shared), rows, scale: scale, into: high) }
      raw?.rows(head..<head + 1).copy(from: scores)

      let (lowSum, lowTop) = RowAttention.exponentials(low)
      if let probe, let maps {
        var (all, sum) = (low, lowSum)
        if choice != nil {
          all = Matrix(rows: 1, columns: keys.rows)
          score(vector, keys.columns(shared), everyPosition, scale: scale, into: all)
          sum = RowAttention.exponentials(all).sum
        }
        maps.rows(head..<head + 1).copy(from: all.columns(probe.image), scale: 1 / sum)
      }
      target.fill(0)
      guard let tokens, high.columns > 0 else {
        add(low, values.columns(shared), positions, to: target)
        target.scale(by: 1 / lowSum)
        return
      }
      let (highSum, highTop) = RowAttention.exponentials(high)
      // The two softmaxes join by what each exponential must be scaled with to share a maximum.
      let top = max(lowTop, highTop)
      let (lowWeight, highWeight) = (exponential(lowTop - top), exponential(highTop - top))
      low.scale(by: lowWeight)
      high.scale(by: highWeight)
      add(low, values.columns(shared), positions, to: target)
      add(high, tokens.values.columns(shared), rows, to: target)
      target.scale(by: 1 / (lowWeight * lowSum + highWeight * highSum))
    }

    multiplyAdds +=
      2 * width
      * (tokens?.selection.heads?.reduce(0) { $0 + $1.positions.count + $1.rows.count }
        ?? headCount * total)
    if headCount * total * width < Workspace.parallelThreshold {
      for head in 0..<headCount { attend(head: head) }
    } else {
      parallel(tasks: headCount) { head, _ in attend(head: head) }
    }
    return maps.map { maps in
      AttentionReading(
        attention: (0..<maps.columns).map { token in
          (0..<headCount).reduce(Float(0)) { $0 + maps[$1, token] }
        },
        scores: raw.map { raw in (0..<headCount).map(raw.values(row:)) })
    }
  }
}

/// Scores of some rows of keys, side by side.
private func score(
  _ query: Matrix, _ keys: Matrix, _ rows: RowRuns, scale: Float, into scores: Matrix
) {
  var offset = 0
  for run in rows.ranges {
    RowAttention.scores(
      query, keys: keys.rows(run), scale: scale, into: scores.columns(offset..<offset + run.count))
    offset += run.count
  }
}

/// Adds some rows of values, weighted.
private func add(_ weights: Matrix, _ values: Matrix, _ rows: RowRuns, to output: Matrix) {
  var offset = 0
  for run in rows.ranges {
    RowAttention.add(
      weights: weights.columns(offset..<offset + run.count), values: values.rows(run), to: output)
    offset += run.count
  }
}
