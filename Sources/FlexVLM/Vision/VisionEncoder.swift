// CLIP's vision tower (Radford et al., arXiv 2103.00020), as LLaVA uses it:
//
//   crops [n][3, 336, 336] -> patches [n x 576, 588] -> + class row, positions [n x 577, 1024]
//   -> norm -> 23 layers -> without the class rows [n x 576, 1024]

/// What the tower makes of crops.
struct VisionFeatures {
  /// [crops * grid * grid, width], crop by crop, patches in row-major order.
  let patches: Matrix
  /// The tower's first layer and the one that makes the features.
  let first, last: ClassTokenRecord
}

/// Turns square crops of pixels into one feature row per patch.
struct VisionEncoder {
  let configuration: VisionConfiguration
  let patchEmbedding: WeightMatrix  // [width, 3 * patch * patch]
  let classEmbedding: Matrix  // [1, width]
  let positions: Matrix  // [1 + nativeGrid * nativeGrid, width]
  let inputNorm: LayerNorm
  let layers: [VisionLayer]

  init(_ configuration: VisionConfiguration, from store: inout TensorStore) {
    let width = configuration.width
    self.configuration = configuration
    patchEmbedding = store.weight(
      TensorName.patchEmbedding, outputs: width,
      inputs: 3 * configuration.patchSize * configuration.patchSize)
    classEmbedding = store.vector(TensorName.classEmbedding, count: width)
    let positions = store.weight(
      TensorName.positionEmbedding,
      outputs: 1 + configuration.nativeGrid * configuration.nativeGrid, inputs: width)
    self.positions = positions.gathered(rows: 0..<positions.rows)
    inputNorm = store.layerNorm(
      TensorName.visionInputNorm, width: width, epsilon: configuration.normEpsilon)
    layers = (0..<configuration.layerCount).map {
      VisionLayer($0, configuration, from: &store)
    }
  }

  /// Features of crops of one size.
  func callAsFunction(_ crops: [PixelPlanes], _ workspace: Workspace) -> VisionFeatures {
    let grid = crops[0].size / configuration.patchSize
    let patches = grid * grid
    precondition(crops.allSatisfy { $0.size == crops[0].size } && grid <= configuration.nativeGrid)
    let pixels = patchRows(crops, grid: grid, workspace)
    let embedded = workspace.matrix(.attended, rows: pixels.rows, columns: configuration.width)
    workspace.linear(pixels, patchEmbedding, into: embedded)

    let tokens = crops.count * (patches + 1)
    let hidden = workspace.matrix(.hidden, rows: tokens, columns: configuration.width)
    for crop in crops.indices {
      let rows = hidden.rows(run(crop, of: patches + 1))
      rows.rows(0..<1).copy(from: classEmbedding)
      rows.rows(1..<patches + 1).copy(from: embedded.rows(run(crop, of: patches)))
      addPositions(to: rows, grid: grid)
    }
    workspace.normalize(hidden, inputNorm, into: hidden)
    func record() -> ClassTokenRecord {
      ClassTokenRecord(
        crops: crops.count, patches: patches, headCount: configuration.headCount,
        width: configuration.width)
    }
    let (first, last) = (record(), record())
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      layer(
        hidden, crops: crops.count, record: isLast ? last : index == 0 ? first : nil, workspace)
    }

    let features = Matrix(rows: crops.count * patches, columns: configuration.width)
    for crop in crops.indices {
      let tokens = hidden.rows(run(crop, of: patches + 1))
      features.rows(run(crop, of: patches)).copy(from: tokens.rows(1..<patches + 1))
    }
    return VisionFeatures(
      patches: features, first: layers.count == 1 ? last : first, last: last)
  }

  private func run(_ index: Int, of length: Int) -> Range<Int> {
    index * length..<(index + 1) * length
  }

  /// Pixels of each patch as a row: channel, then pixel row, then pixel column.
  private func patchRows(
    _ crops: [PixelPlanes], grid: Int, _ workspace: Workspace
  ) -> Matrix {
    let patch = configuration.patchSize
    let rows = workspace.matrix(
      .patches, rows: crops.count * grid * grid, columns: 3 * patch * patch)
    for (index, crop) in crops.enumerated() {
      let side = crop.size
      for row in 0..<grid {
        for column in 0..<grid {
          let target = rows.rows((index * grid + row) * grid + column..<rows.rows)
          for line in 0..<3 * patch {
            let (channel, y) = line.quotientAndRemainder(dividingBy: patch)
            let start = (channel * side + row * patch + y) * side + column * patch
            target.write(crop.values, from: start..<start + patch, atColumn: line * patch)
          }
        }
      }
    }
    return rows
  }

  /// A view smaller than the tower's native one takes the top-left block of the position table, not
  /// an interpolated one (Algorithm 3.2).
  private func addPositions(to rows: Matrix, grid: Int) {
    rows.rows(0..<1).add(positions.rows(0..<1))
    for row in 0..<grid {
      let first = 1 + row * configuration.nativeGrid
      rows.rows(1 + row * grid..<1 + (row + 1) * grid).add(positions.rows(first..<first + grid))
    }
  }
}
