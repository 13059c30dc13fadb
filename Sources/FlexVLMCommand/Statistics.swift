import FlexVLM
import Glibc

/// What an answer took, for `--verbose` and `--json`.
struct StatisticsReport: Encodable {
  let encodeSeconds: Double
  let prefillSeconds: Double
  let decodeSeconds: Double
  let promptPositions: Int
  let reusedPositions: Int
  let encodedCrops: Int
  let cropCount: Int
  /// (Layer, token) pairs whose high-resolution keys and values were computed so far.
  let projectedTokens: Int
  /// Of matrix products, as counted.
  let encoderFlops: Int
  let decoderFlops: Int
  /// Of each selecting layer, the cells it chose, averaged over the tokens.
  let meanCells: [String: Double]
  let cellCount: Int
  /// Largest resident size of the process so far.
  let peakMemoryBytes: Int

  init(_ statistics: GenerationStatistics, _ selections: [[LayerSelection]]) {
    encodeSeconds = statistics.encodeTime / .seconds(1)
    prefillSeconds = statistics.prefillTime / .seconds(1)
    decodeSeconds = statistics.decodeTime / .seconds(1)
    promptPositions = statistics.promptPositions
    reusedPositions = statistics.reusedPositions
    encodedCrops = statistics.encodedCrops
    cropCount = statistics.cropCount
    projectedTokens = statistics.projectedTokens
    encoderFlops = statistics.encoderFLOPs
    decoderFlops = statistics.decoderFLOPs
    var counts: [Int: [Int]] = [:]
    for selection in selections.joined() {
      counts[selection.layer, default: []].append(selection.cells.count)
    }
    meanCells = Dictionary(
      uniqueKeysWithValues: counts.map { layer, cells in
        ("\(layer)", Double(cells.reduce(0, +)) / Double(cells.count))
      })
    cellCount = selections.first?.first?.cells.isSelected.count ?? 0
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    peakMemoryBytes = usage.ru_maxrss << 10
  }

  /// The closing line of `--verbose`.
  func line(tokens: Int) -> String {
    let crops = cropCount > 0 ? " (\(encodedCrops) of \(cropCount) crops)" : ""
    let reused = reusedPositions > 0 ? ", \(reusedPositions) reused" : ""
    let cells =
      meanCells.isEmpty
      ? ""
      : " | cells by layer "
        + meanCells.sorted { Int($0.key)! < Int($1.key)! }
        .map { "\($0.key): \(Self.round($0.value, places: 1))" }.joined(separator: ", ")
        + " of \(cellCount)"
    return "encode \(Self.seconds(encodeSeconds))\(crops)"
      + " | prefill \(Self.seconds(prefillSeconds)) (\(counted(promptPositions, "position"))\(reused))"
      + " | decode \(Self.seconds(decodeSeconds)) (\(counted(tokens, "token")))\(cells)"
      + " | \(Self.round(Double(encoderFlops + decoderFlops) / 1e9, places: 2)) GFLOP"
      + " | peak memory \(peakMemoryBytes >> 20) MiB"
  }

  private static func seconds(_ value: Double) -> String {
    value < 1 ? "\(round(value * 1000, places: 1)) ms" : "\(round(value, places: 2)) s"
  }

  private static func round(_ value: Double, places: Int) -> Double {
    let scale = places == 1 ? 10.0 : 100.0
    return (value * scale).rounded() / scale
  }
}

/// "1 token", "2 tokens".
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
