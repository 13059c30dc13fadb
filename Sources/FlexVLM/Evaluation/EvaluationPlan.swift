/// Which questions a run answers, in which order, and which of them share an image.
package struct EvaluationPlan: Sendable {
  /// Questions about one image, asked one after the other.
  struct Unit: Sendable {
    /// Positions in ``EvaluationPlan/order``, rising.
    var positions: [Int]
  }

  /// The run's questions as positions in the data set, rising: the order of the answers file.
  package let order: [Int]
  let units: [Unit]

  /// Questions about one image form a unit if they are near each other: a question waits for its
  /// turn in the file, and what waits is lost when the program is killed.
  private static let window = 64

  /// Shards take every n-th unit, so that a unit, and with it every answer, is the same in all
  /// divisions of the data set.
  ///
  /// - Parameter questionsPerImage: where there are as many about every image, which are never parted.
  package init(
    _ data: BenchmarkData, _ options: EvaluationOptions, questionsPerImage: Int = 1
  ) {
    precondition(questionsPerImage > 0)
    let range = options.range(of: data)
    let window = max(1, Self.window / questionsPerImage) * questionsPerImage
    var members: [[Int]] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: window) {
      var unitOfImage: [String: Int] = [:]
      for index in start..<min(start + window, range.upperBound) {
        let name = data.samples[index].image.name
        if let unit = unitOfImage[name] {
          members[unit].append(index)
        } else {
          unitOfImage[name] = members.count
          members.append([index])
        }
      }
    }
    let shard = options.shard
    let mine = members.enumerated().filter { $0.offset % shard.count == shard.number - 1 }
      .map(\.element)
    order = mine.joined().sorted()
    let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    units = mine.map { Unit(positions: $0.map { position[$0]! }) }
  }
}
