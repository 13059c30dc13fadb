import Foundation
import Testing

@testable import FlexVLM

/// Speeds against their limits. Not part of the tests:
///
///     FLEXVLM_BENCHMARKS=1 swift test -c release -Xswiftc -enable-testing --filter Benchmarks
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["FLEXVLM_BENCHMARKS"] != nil))
struct GEMMBenchmarks {
  struct Tower: CustomTestStringConvertible {
    let name: String, width: Int, feedForward: Int, heads: Int, layers: Int, side: Int, crops: Int
    var testDescription: String { name }

    var tokens: Int { (side / 14) * (side / 14) + 1 }

    /// Multiply-adds of all matrix products, doubled.
    var operations: Double {
      let rows = Double(crops * tokens)
      let linear = rows * Double(4 * width * width + 2 * width * feedForward)
      let attention = rows * Double(2 * tokens * width)
      let patches = Double(crops * (tokens - 1) * 588 * width)
      return 2 * (Double(layers) * (linear + attention) + patches)
    }
  }

  static let towers = [
    Tower(
      name: "mini, 9 crops of 336", width: 256, feedForward: 1024, heads: 4, layers: 6, side: 336,
      crops: 9),
    Tower(
      name: "CLIP-L, 4 of 23 layers, 9 crops of 336", width: 1024, feedForward: 4096, heads: 16,
      layers: 4, side: 336, crops: 9),
  ]

  @Test("Vision tower as a share of plain sgemm", arguments: towers)
  func visionTower(tower: Tower) throws {
    let encoder = try Self.encoder(tower)
    var random = SeededGenerator(seed: 1)
    let crops = (0..<tower.crops).map { _ in
      PixelPlanes(size: tower.side, values: random.floats(3 * tower.side * tower.side))
    }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let workspace = Workspace(threads: threads)
    let (a, b) = (
      Matrix(random.floats(tower.crops * tower.tokens * tower.width), columns: tower.width),
      Matrix(random.floats(tower.feedForward * tower.width), columns: tower.width)
    )
    let c = Matrix(rows: a.rows, columns: b.rows)
    // Alternating, so that both see the same load from other processes; the best of each counts.
    var (tower0, plain) = (Double.infinity, Double.infinity)
    for _ in 0..<7 {
      tower0 = min(tower0, Self.seconds { _ = encoder(crops, workspace) })
      plain = min(plain, Self.seconds { workspace.multiply(a, transposed: b, into: c) })
    }
    let reached = tower.operations / tower0 / 1e9
    let limit = 2 * Double(a.rows * b.rows * b.columns) / plain / 1e9
    print(
      "| \(tower.name) | \(Int(limit)) GFLOP/s | \(Int(reached)) GFLOP/s | "
        + "\(Int(100 * reached / limit)) % | (\(threads) threads, \(ComputeBackend.blas))")
    #expect(reached > 0)
  }

  @Test("One row: share of the memory bandwidth", arguments: TensorType.allCases)
  func decoding(type: TensorType) throws {
    let (rows, columns) = (11_008, 4096)
    let stored = try LinearTests.Stored(type, rows: rows, columns: columns, seed: 1)
    var random = SeededGenerator(seed: 2)
    let x = Matrix(random.floats(columns), columns: columns)
    let y = Matrix(rows: 1, columns: rows)
    let workspace = Workspace(threads: ProcessInfo.processInfo.activeProcessorCount)
    let bytes = Double(type.byteCount(elements: rows * columns))
    let times = (0..<9).map { _ in
      Self.seconds { workspace.linear(x, stored.weight, into: y) }
    }
    let best = times.min()!
    print("| \(type), 11008 x 4096 | \(Int(bytes / best / 1e8) / 10) GB/s |")
    #expect(best > 0)
  }

  private static func seconds(_ body: () -> Void) -> Double {
    ContinuousClock().measure(body) / .seconds(1)
  }

  /// A tower of random weights.
  private static func encoder(_ tower: Tower) throws -> VisionEncoder {
    var writer = GGUFWriter()
    var random = SeededGenerator(seed: 3)
    func add(_ name: String, _ shape: [Int]) {
      let values = random.floats(shape.reduce(1, *), in: -0.05...0.05)
      writer.add(name, shape: shape, bytes: values.flatMap(\.bitPattern.littleEndianBytes))
    }
    func addBiased(_ name: String, _ outputs: Int, _ inputs: Int?) {
      add(name + ".weight", inputs.map { [outputs, $0] } ?? [outputs])
      add(name + ".bias", [outputs])
    }
    add(TensorName.classEmbedding, [tower.width])
    add(TensorName.patchEmbedding, [tower.width, 588])
    add(TensorName.positionEmbedding, [tower.tokens, tower.width])
    addBiased(TensorName.visionInputNorm, tower.width, nil)
    for layer in 0..<tower.layers {
      func name(_ part: String) -> String { TensorName.visionLayer(layer, part) }
      for norm in ["ln1", "ln2"] { addBiased(name(norm), tower.width, nil) }
      for part in ["attn_q", "attn_k", "attn_v", "attn_out"] {
        addBiased(name(part), tower.width, tower.width)
      }
      addBiased(name("ffn_up"), tower.feedForward, tower.width)
      addBiased(name("ffn_down"), tower.width, tower.feedForward)
    }
    return try withTemporaryFile(writer.file) { path in
      var store = TensorStore([try GGUFFile(path: path)])
      let configuration = VisionConfiguration(
        nativeSize: tower.side, patchSize: 14, width: tower.width,
        feedForwardWidth: tower.feedForward, layerCount: tower.layers, headCount: tower.heads,
        normEpsilon: 1e-5, imageMean: [0, 0, 0], imageDeviation: [1, 1, 1], lowSize: tower.side)
      return VisionEncoder(configuration, from: &store)
    }
  }
}
