/// A text on its way from single characters or bytes to pieces: a linked list of symbols and a heap
/// of the merges that are possible between neighbours, best first, then leftmost.
///
/// - Complexity: O(n log n) time and O(n) memory for n characters.
struct BytePairMerger {
  /// A part of the text: neighbours in the list are neighbours there.
  private struct Symbol {
    var range: Range<Int>
    var previous: Int
    var next: Int
    /// Counts changes, so that merges proposed before one are recognised as stale.
    var version = 0
  }

  private struct Merge {
    let priority: Float
    let left: Int
    let right: Int
    let versions: (Int, Int)

    func precedes(_ other: Merge) -> Bool {
      priority > other.priority || (priority == other.priority && left < other.left)
    }
  }

  private let text: [UInt8]
  private let vocabulary: Vocabulary
  private var symbols: [Symbol]
  private var heap: [Merge] = []

  /// - Parameter text: UTF-8.
  init(_ text: [UInt8], _ vocabulary: Vocabulary) {
    self.text = text
    self.vocabulary = vocabulary
    symbols = []
    symbols.reserveCapacity(text.count)
    var start = 0
    while start < text.count {
      let rest = text[start...]
      let fixed = vocabulary.fixedPiece(at: rest)
      let end = start + (fixed?.bytes.count ?? symbolLength(rest))
      symbols.append(
        Symbol(range: start..<end, previous: symbols.count - 1, next: symbols.count + 1))
      if fixed != nil { symbols[symbols.count - 1].version = -1 }
      start = end
    }
    for left in symbols.indices.dropLast() { propose(left, left + 1) }
  }

  /// The pieces after every possible merge.
  mutating func merged() -> [ArraySlice<UInt8>] {
    while let merge = popBest() {
      guard symbols[merge.left].version == merge.versions.0,
        symbols[merge.right].version == merge.versions.1
      else { continue }
      join(merge.left, merge.right)
    }
    return symbols.filter { !$0.range.isEmpty }.map { text[$0.range] }
  }

  /// What is not merged yet: of SentencePiece's texts the first Unicode scalar, that is its first byte
  /// and the continuation bytes that follow; of byte-level ones a byte.
  private func symbolLength(_ bytes: ArraySlice<UInt8>) -> Int {
    if case .byteLevel = vocabulary.scheme { return 1 }
    return 1 + bytes.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count
  }

  private mutating func join(_ left: Int, _ right: Int) {
    let end = symbols[right].range.upperBound
    symbols[left].range = symbols[left].range.lowerBound..<end
    symbols[left].version += 1
    symbols[left].next = symbols[right].next
    symbols[right].range = end..<end
    symbols[right].version += 1
    if symbols[left].next < symbols.count {
      symbols[symbols[left].next].previous = left
      propose(left, symbols[left].next)
    }
    if symbols[left].previous >= 0 { propose(symbols[left].previous, left) }
  }

  private mutating func propose(_ left: Int, _ right: Int) {
    let (first, second) = (symbols[left].range, symbols[right].range)
    // Fixed pieces (version -1) never merge.
    guard symbols[left].version >= 0, symbols[right].version >= 0,
      first.count + second.count <= vocabulary.longestPiece,
      let priority = vocabulary.priority(
        merging: text[first.lowerBound..<second.upperBound], at: second.lowerBound)
    else { return }
    push(
      Merge(
        priority: priority, left: left, right: right,
        versions: (symbols[left].version, symbols[right].version)))
  }

  private mutating func push(_ merge: Merge) {
    heap.append(merge)
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func popBest() -> Merge? {
    guard let best = heap.first else { return nil }
    heap[0] = heap[heap.count - 1]
    heap.removeLast()
    var parent = 0
    while true {
      var top = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].precedes(heap[top]) { top = child }
      }
      if top == parent { return best }
      heap.swapAt(parent, top)
      parent = top
    }
  }
}
