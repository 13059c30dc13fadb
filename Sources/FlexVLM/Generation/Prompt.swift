/// A prompt as token ids, ``Tokenizer/imageMarker`` at the image's place.
struct Prompt: Equatable, Sendable {
  var ids: [Int]
  /// Tokens that take the image marker's place.
  let imageTokenCount: Int

  /// Positions that the first `count` ids take.
  func positions(of count: Int) -> Int {
    ids.prefix(count).reduce(0) { $0 + ($1 == Tokenizer.imageMarker ? imageTokenCount : 1) }
  }

  var positionCount: Int { positions(of: ids.count) }

  /// Positions of the image; nil for text alone.
  var imageRange: Range<Int>? {
    ids.firstIndex(of: Tokenizer.imageMarker).map { index in
      let start = positions(of: index)
      return start..<start + imageTokenCount
    }
  }

  /// Ids that this prompt and a sequence begin with alike.
  func commonPrefix(_ other: [Int]) -> Int {
    zip(ids, other).prefix { $0 == $1 }.count
  }
}
