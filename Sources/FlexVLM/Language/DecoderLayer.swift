// One LLaMA layer (Touvron et al., arXiv 2302.13971) with FlexAttention's hierarchical attention:
//
//   hidden [n, 4096] -> norm -> q, k, v (+ rotary, cache) -> attention -> + hidden
//                    -> norm -> SwiGLU [n, 11008] -> + hidden

struct DecoderLayer {
  let headCount: Int
  let attentionNorm: RMSNorm
  let query: WeightMatrix  // [width, width]
  let key: WeightMatrix  // [key-value width, width]
  let value: WeightMatrix  // [key-value width, width]
  let output: WeightMatrix  // [width, width]
  /// `k_proj_hd` and `v_proj_hd`, [key-value width, width]; on layers that follow a selecting one.
  let high: (key: WeightMatrix, value: WeightMatrix)?
  let feedForwardNorm: RMSNorm
  let gate: WeightMatrix  // [feedForward, width]
  let up: WeightMatrix  // [feedForward, width]
  let down: WeightMatrix  // [width, feedForward]

  init(
    _ index: Int, _ configuration: LanguageConfiguration, attendsToHigh: Bool,
    from store: inout TensorStore
  ) {
    let (width, keyValueWidth) = (configuration.width, configuration.keyValueWidth)
    func name(_ part: String) -> String { TensorName.layer(index, part) }
    headCount = configuration.headCount
    attentionNorm = store.rmsNorm(
      name("attn_norm"), width: width, epsilon: configuration.normEpsilon)
    query = store.weight(name("attn_q"), outputs: width, inputs: width)
    key = store.weight(name("attn_k"), outputs: keyValueWidth, inputs: width)
    value = store.weight(name("attn_v"), outputs: keyValueWidth, inputs: width)
    output = store.weight(name("attn_output"), outputs: width, inputs: width)
    high =
      attendsToHigh
      ? (
        store.weight(name("attn_k_hd"), outputs: keyValueWidth, inputs: width),
        store.weight(name("attn_v_hd"), outputs: keyValueWidth, inputs: width)
      ) : nil
    feedForwardNorm = store.rmsNorm(
      name("ffn_norm"), width: width, epsilon: configuration.normEpsilon)
    gate = store.weight(name("ffn_gate"), outputs: configuration.feedForwardWidth, inputs: width)
    up = store.weight(name("ffn_up"), outputs: configuration.feedForwardWidth, inputs: width)
    down = store.weight(name("ffn_down"), outputs: width, inputs: configuration.feedForwardWidth)
  }

  /// Runs the layer on new positions, adding to `hidden` in place.
  ///
  /// The last row may see high-resolution tokens and tells where it looked; the rows before it are
  /// plain LLaMA, which is why their keys and values are the same with and without cells
  /// (Algorithm 5.3).
  ///
  /// - Parameters:
  ///   - hidden: [n, width], the positions from `start` on.
  ///   - cache: keys and values of this layer, `start` positions of them filled; n are added.
  ///   - tokens: high-resolution tokens that the layer before selected.
  ///   - probe: what to tell of the last row's attention.
  ///   - onlyLast: computes no more than the last row's output needs: for the last layer.
  func callAsFunction(
    _ hidden: Matrix, at start: Int, cache: (keys: Matrix, values: Matrix), rotary: RotaryTable,
    tokens: SelectedTokens?, probe: AttentionProbe?, onlyLast: Bool, _ workspace: Workspace
  ) -> AttentionReading? {
    let new = start..<start + hidden.rows
    let normalized = workspace.matrix(.normalized, rows: hidden.rows, columns: hidden.columns)
    workspace.normalize(hidden, attentionNorm, into: normalized)
    let keys = cache.keys.rows(new)
    workspace.linear(normalized, key, into: keys)
    rotary.rotate(keys, from: start)
    workspace.linear(normalized, value, into: cache.values.rows(new))

    let rows = onlyLast ? hidden.rows - 1..<hidden.rows : 0..<hidden.rows
    let first = start + rows.lowerBound
    let queries = workspace.matrix(.query, rows: rows.count, columns: hidden.columns)
    workspace.linear(normalized.rows(rows), query, into: queries)
    rotary.rotate(queries, from: first)

    let attended = workspace.matrix(.attended, rows: rows.count, columns: hidden.columns)
    let before = 0..<rows.count - 1
    workspace.causalAttention(
      queries.rows(before), keys: cache.keys, values: cache.values, at: first,
      headCount: headCount, into: attended.rows(before))
    let reading = workspace.hierarchicalAttention(
      queries.rows(before.upperBound..<rows.count), keys: cache.keys.rows(0..<new.upperBound),
      values: cache.values.rows(0..<new.upperBound), tokens: tokens, probe: probe,
      headCount: headCount, into: attended.rows(before.upperBound..<rows.count))

    let residual = hidden.rows(rows)
    workspace.linear(attended, output, adding: true, into: residual)
    feedForward(residual, workspace)
    return reading
  }

  private func feedForward(_ hidden: Matrix, _ workspace: Workspace) {
    let normalized = workspace.matrix(.normalized, rows: hidden.rows, columns: hidden.columns)
    workspace.normalize(hidden, feedForwardNorm, into: normalized)
    let gated = workspace.matrix(.gate, rows: hidden.rows, columns: gate.rows)
    let raised = workspace.matrix(.up, rows: hidden.rows, columns: up.rows)
    workspace.linear(normalized, gate, into: gated)
    workspace.linear(normalized, up, into: raised)
    workspace.siluProduct(gated, raised)
    workspace.linear(gated, down, adding: true, into: hidden)
  }
}
