/// LLaVA's projector: [n, vision width] -> linear -> GELU -> linear -> [n, language width].
struct Projector {
  let first: BiasedLinear  // [language width, vision width]
  let second: BiasedLinear  // [language width, language width]

  init(
    _ vision: VisionConfiguration, _ language: LanguageConfiguration,
    from store: inout TensorStore
  ) {
    first = store.linear(
      TensorName.projector(0), outputs: language.width, inputs: vision.width)
    second = store.linear(
      TensorName.projector(2), outputs: language.width, inputs: language.width)
  }

  func callAsFunction(_ features: Matrix, _ workspace: Workspace) -> Matrix {
    let inner = workspace.matrix(.up, rows: features.rows, columns: first.weight.rows)
    workspace.linear(features, first.weight, bias: first.bias, into: inner)
    workspace.gelu(inner)
    let projected = Matrix(rows: features.rows, columns: second.weight.rows)
    workspace.linear(inner, second.weight, bias: second.bias, into: projected)
    return projected
  }
}
