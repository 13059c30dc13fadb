/// Questions about images, such as a quantized model shall answer as the original does.
package struct Calibration: Sendable {
  let model: VisionLanguageModel
  let samples: [BenchmarkSample]

  /// - Parameters:
  ///   - model: the model that is quantized.
  ///   - folder: images and `questions.jsonl`, a question file as LLaVA's.
  /// - Throws: ``EvaluationError``
  package init(_ model: VisionLanguageModel, folder: String) throws(EvaluationError) {
    self.model = model
    samples = try BenchmarkData(
      .jsonl, annotations: ["\(folder)/questions.jsonl"], images: folder
    ).samples
  }
}

/// What the decoder's linear layers are given while it answers: of each, the products of all pairs of
/// inputs, summed over positions.
///
/// They are collected for as many layers at a time as fit in memory; the questions are then answered
/// again for the next ones.
struct CalibratedInputs {
  /// Of the products, 4 GiB.
  private static let memoryLimit = 4 << 30
  /// Longer answers add little that is new.
  private static let answerLength = 16

  private let calibration: Calibration
  /// Weights that will be asked for, in that order.
  private let wanted: [(name: String, columns: Int, offset: Int)]
  private var products: [String: Matrix] = [:]

  init(_ calibration: Calibration, wanted: [(name: String, columns: Int, offset: Int)]) {
    self.calibration = calibration
    self.wanted = wanted
  }

  /// The upper triangle of X^T X, [inputs, inputs]; nil for a weight that is not among the wanted.
  mutating func products(of name: String, isCancelled: () -> Bool) throws -> Matrix? {
    let input = Self.input(of: name)
    if let found = products[input] { return found }
    guard let first = wanted.firstIndex(where: { $0.name == name }) else { return nil }
    try collect(from: first, isCancelled: isCancelled)
    return products[input]
  }

  /// Weights that share their input are known by the one that meets every position.
  private static func input(of name: String) -> String {
    let twins = [
      "attn_q.": "attn_k.", "attn_v.": "attn_k.", "attn_v_hd.": "attn_k_hd.",
      "ffn_up.": "ffn_gate.",
    ]
    return twins.first { name.contains(".\($0.key)") }
      .map { name.replacing($0.key, with: $0.value) } ?? name
  }

  private mutating func collect(from first: Int, isCancelled: () -> Bool) throws {
    var sums: [String: Matrix] = [:]
    var bytes = 0
    for weight in wanted[first...] {
      let input = Self.input(of: weight.name)
      if sums[input] != nil { continue }
      bytes += 4 * weight.columns * weight.columns
      if bytes > Self.memoryLimit, !sums.isEmpty { break }
      let sum = Matrix(rows: weight.columns, columns: weight.columns)
      sum.fill(0)
      sums[input] = sum
    }
    products = sums
    let inputs = Dictionary(uniqueKeysWithValues: wanted.map { ($0.offset, $0.name) })
    var image: (source: ImageSource, encoded: EncodedImage)?
    for sample in calibration.samples {
      if isCancelled() { throw CancellationError() }
      if image?.source != sample.image {
        let encoded = try calibration.model.encode(
          sample.image.read(ImageReadingOptions()))
        encoded.observe { [sums] x, weight in
          guard let name = inputs[weight.offset], let sum = sums[name] else { return }
          BLAS.addProducts(ofColumns: x, to: sum)
        }
        image = (sample.image, encoded)
      }
      _ = try calibration.model.ask(
        .question(sample.prompt), about: image!.encoded,
        options: GenerationOptions(maximumTokens: Self.answerLength))
    }
  }
}
