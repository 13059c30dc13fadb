/// Which questions a run answers, in which order, and which of them share an image.
public struct EvaluationPlan: Sendable {
  /// Questions about one image, asked one after the other.
  struct Unit: Sendable {
    /// Positions in ``EvaluationPlan/order``, rising.
    var positions: [Int]
  }

  /// The run's questions as positions in the data set, rising: the order of the answers file.
  public let order: [Int]
  let units: [Unit]

  /// Questions about one image form a unit if they are near each other: a question waits for its
  /// turn in the file, and what waits is lost when the program is killed.
  private static let window = 64

  /// Shards take every n-th unit, so that a unit, and with it every answer, is the same in all
  /// divisions of the data set.
  public init(_ data: BenchmarkData, _ settings: EvaluationSettings) {
    let start = min(settings.offset, data.samples.count)
    let end = settings.limit.map { min(start + $0, data.samples.count) } ?? data.samples.count
    var members: [[Int]] = []
    for windowStart in stride(from: start, to: end, by: Self.window) {
      var unitOfImage: [String: Int] = [:]
      for index in windowStart..<min(windowStart + Self.window, end) {
        let name = data.samples[index].image.name
        if let unit = unitOfImage[name] {
          members[unit].append(index)
        } else {
          unitOfImage[name] = members.count
          members.append([index])
        }
      }
    }
    let shard = settings.shard
    let mine = members.enumerated().filter { $0.offset % shard.count == shard.number - 1 }
      .map(\.element)
    order = mine.joined().sorted()
    let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    units = mine.map { Unit(positions: $0.map { position[$0]! }) }
  }
}
