/// One CLIP layer: norm, attention of all tokens of a crop to all, norm, quick-GELU MLP.
struct VisionLayer {
  let headCount: Int
  let norm1: LayerNorm
  let query: BiasedLinear  // [width, width]
  let key: BiasedLinear  // [width, width]
  let value: BiasedLinear  // [width, width]
  let output: BiasedLinear  // [width, width]
  let norm2: LayerNorm
  let up: BiasedLinear  // [feedForward, width]
  let down: BiasedLinear  // [width, feedForward]

  init(_ index: Int, _ configuration: VisionConfiguration, from store: inout TensorStore) {
    let width = configuration.width
    let epsilon = configuration.normEpsilon
    func name(_ part: String) -> String { TensorName.visionLayer(index, part) }
    headCount = configuration.headCount
    norm1 = store.layerNorm(name("ln1"), width: width, epsilon: epsilon)
    query = store.linear(name("attn_q"), outputs: width, inputs: width)
    key = store.linear(name("attn_k"), outputs: width, inputs: width)
    value = store.linear(name("attn_v"), outputs: width, inputs: width)
    output = store.linear(name("attn_out"), outputs: width, inputs: width)
    norm2 = store.layerNorm(name("ln2"), width: width, epsilon: epsilon)
    // llama.cpp's first converter named the two the other way round; their shapes tell.
    let inner = configuration.feedForwardWidth
    let isSwapped = inner != width && store.shape(name("ffn_down.weight")) == [inner, width]
    up = store.linear(name(isSwapped ? "ffn_down" : "ffn_up"), outputs: inner, inputs: width)
    down = store.linear(name(isSwapped ? "ffn_up" : "ffn_down"), outputs: width, inputs: inner)
  }

  /// Adds attention and MLP to `hidden`, [crops * tokens, width], in place.
  ///
  /// - Parameter record: receives where the class tokens looked.
  func callAsFunction(
    _ hidden: Matrix, crops: Int, record: ClassTokenRecord?, _ workspace: Workspace
  ) {
    let normalized = workspace.matrix(.normalized, rows: hidden.rows, columns: hidden.columns)
    workspace.normalize(hidden, norm1, into: normalized)
    let attended = attention(normalized, crops: crops, record: record, workspace)
    workspace.linear(attended, output.weight, bias: output.bias, adding: true, into: hidden)

    workspace.normalize(hidden, norm2, into: normalized)
    let inner = workspace.matrix(.up, rows: hidden.rows, columns: up.weight.rows)
    workspace.linear(normalized, up.weight, bias: up.bias, into: inner)
    workspace.quickGELU(inner)
    workspace.linear(inner, down.weight, bias: down.bias, adding: true, into: hidden)
  }

  private func attention(
    _ x: Matrix, crops: Int, record: ClassTokenRecord?, _ workspace: Workspace
  ) -> Matrix {
    let q = workspace.matrix(.query, rows: x.rows, columns: x.columns)
    let k = workspace.matrix(.key, rows: x.rows, columns: x.columns)
    let v = workspace.matrix(.value, rows: x.rows, columns: x.columns)
    workspace.linear(x, query.weight, bias: query.bias, into: q)
    workspace.linear(x, key.weight, bias: key.bias, into: k)
    workspace.linear(x, value.weight, bias: value.bias, into: v)

    record?.query.copy(from: q.rows(0..<1))
    record?.keys.copy(from: k.rows(0..<x.rows / crops))

    let attended = workspace.matrix(.attended, rows: x.rows, columns: x.columns)
    workspace.denseAttention(
      q, k, v, sequences: crops, headCount: headCount, firstWeights: record?.weights,
      into: attended)
    return attended
  }
}
