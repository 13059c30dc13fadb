extension StageBenchmark {
  /// Runs every stage and every ceiling so many times, in turn: what else the machine does then
  /// meets all alike.
  ///
  /// - Parameters:
  ///   - rounds: at least 1.
  ///   - crops: that the tower encodes at a time; all of the high view, or one, when nil.
  ///   - textTokens: of the prompt, besides the image's; no more than the context holds count.
  ///   - willRun: is told the number of each round before it begins.
  package func run(
    rounds: Int, crops: Int? = nil, textTokens: Int = 64, willRun: (Int) -> Void = { _ in }
  ) {
    let vision = configuration.vision
    let (width, patches) = (configuration.language.width, vision.lowGrid * vision.lowGrid)
    let picture = Self.picture(width: 1600, height: 1200)
    let file = picture.encodedJPEG(quality: 90) ?? []
    let pixels = Double(picture.pixels.count)
    let crop = PixelPlanes(
      size: vision.nativeSize,
      values: Self.noise(3 * vision.nativeSize * vision.nativeSize))
    let all = Array(repeating: crop, count: crops ?? configuration.high?.cropCount ?? 1)
    let features = Matrix(Self.noise(patches * vision.width), columns: vision.width)
    // Room for the tokens that are decoded after the prompt.
    let positions = max(
      1, min(patches + textTokens, configuration.language.contextLength - Self.decodedTokens))
    let embeddings = Matrix(Self.noise(positions * width), columns: width)
    let prompt = Matrix(rows: positions, columns: width)
    var cache = KeyValueCache(configuration.language)

    for round in 1...rounds {
      willRun(round)
      ceilingWork.measure(&ceilings)
      time("decode image", "JPEG, \(picture.width) x \(picture.height)", bytes: pixels) {
        _ = try? RGBImage(decoding: file, name: "benchmark", options: ImageReadingOptions())
      }
      let size = configuration.high?.size ?? vision.nativeSize
      time("resize", "to \(size) and \(vision.lowSize) pixels", bytes: pixels) {
        _ = picture.views(configuration, threads: workspace.threads)
      }
      if !all.isEmpty {
        time(
          "vision", "\(all.count) crops, \(vision.layerCount) layers", encoder.layers[0].up.weight
        ) {
          _ = encoder(all, workspace)
        }
      }
      time("projector", "\(patches) tokens", projector.second.weight) {
        _ = projector(features, workspace)
      }
      prompt.copy(from: embeddings)
      cache.truncate(to: 0)
      time(
        "prefill", "\(positions) positions, \(decoder.layers.count) layers", decoder.layers[0].gate
      ) {
        _ = decoder(prompt, cache: &cache, view: nil, workspace)
      }
      if let high = decoder.layers.last?.high {
        let (keys, values) = (
          workspace.matrix(.key, rows: positions, columns: high.key.rows),
          workspace.matrix(.value, rows: positions, columns: high.value.rows)
        )
        time("high keys, values", "\(positions) tokens, one layer", high.key) {
          workspace.linear(embeddings, high.key, into: keys)
          workspace.linear(embeddings, high.value, into: values)
        }
      }
      let start = cache.count
      for _ in 0..<Self.decodedTokens {
        let token = prompt.rows(0..<1)
        token.copy(from: embeddings.rows(0..<1))
        time("decode", "one token behind \(start)", bytes: Double(decoder.bytes(behind: start))) {
          _ = decoder(token, cache: &cache, view: nil, workspace)
        }
      }
    }
  }

  private static let decodedTokens = 4

  private static func noise(_ count: Int) -> [Float] {
    var random = SplitMix64(seed: UInt64(count))
    return (0..<count).map { _ in random.unit() - 0.5 }
  }

  /// Smooth, with grain: what a JPEG decoder meets in photographs.
  private static func picture(width: Int, height: Int) -> RGBImage {
    var random = SplitMix64(seed: 1)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let grain = random.below(16)
        for shade in [x * 200 / width, y * 200 / height, (x + y) * 100 / width] {
          pixels.append(UInt8(shade + grain))
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// Times a stage whose work are the matrix products that it runs, most with weights like the given
  /// one.
  private func time(_ name: String, _ detail: String, _ weight: WeightMatrix, _ body: () -> Void) {
    let before = workspace.multiplyAdds
    let duration = clock.measure(body)
    let count = 2 * (workspace.multiplyAdds - before)
    let bound: Ceilings.Kind =
      workspace.multipliesBytes(weight)
      ? .bytes : workspace.product == nil ? .float32 : .bfloat16
    keep(StageTime(name: name, detail: detail, bound: bound, work: Double(count)), duration)
  }

  /// Times a stage that is bound by memory.
  private func time(_ name: String, _ detail: String, bytes: Double, _ body: () -> Void) {
    keep(
      StageTime(name: name, detail: detail, bound: .memory, work: bytes), clock.measure(body))
  }

  private func keep(_ stage: StageTime, _ duration: Duration) {
    let index = stages.firstIndex { $0.name == stage.name } ?? stages.count
    if index == stages.count { stages.append(stage) }
    stages[index].seconds = min(stages[index].seconds, duration / .seconds(1))
  }
}

extension Decoder {
  /// What one token behind so many others reads: weights, keys and values.
  fileprivate func bytes(behind positions: Int) -> Int {
    let weights = layers.reduce(output.byteCount) { sum, layer in
      sum + layer.weights.reduce(0) { $0 + $1.byteCount }
    }
    let kept = 2 * layers.count * positions * configuration.keyValueWidth
    return weights + kept * MemoryLayout<Float>.size
  }
}

extension DecoderLayer {
  /// All that every token passes.
  fileprivate var weights: [WeightMatrix] { [query, key, value, output, gate, up, down] }
}
