/// A text on its way from single characters to pieces: a linked list of symbols and a heap of the
/// merges that are possible between neighbours, best score first, then leftmost.
///
/// - Complexity: O(n log n) for n characters.
struct BytePairMerger {
  private struct Symbol {
    var piece: [UInt8]
    var previous: Int
    var next: Int
    /// Counts changes, so that merges proposed before one are recognised as stale.
    var version = 0
  }

  private struct Merge {
    let score: Float
    let left: Int
    let right: Int
    let versions: (Int, Int)

    func precedes(_ other: Merge) -> Bool {
      score > other.score || (score == other.score && left < other.left)
    }
  }

  private let vocabulary: Vocabulary
  private var symbols: [Symbol]
  private var heap: [Merge] = []

  /// - Parameter text: UTF-8.
  init(_ text: [UInt8], _ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    symbols = []
    var rest = text[...]
    while !rest.isEmpty {
      let fixed = vocabulary.userDefined.first { rest.starts(with: $0) }
      let piece = fixed ?? Array(rest.prefix(Self.characterLength(rest)))
      symbols.append(
        Symbol(piece: piece, previous: symbols.count - 1, next: symbols.count + 1))
      if fixed != nil { symbols[symbols.count - 1].version = -1 }
      rest = rest.dropFirst(piece.count)
    }
    for left in symbols.indices.dropLast() { propose(left, left + 1) }
  }

  /// The pieces after every possible merge.
  mutating func merged() -> [[UInt8]] {
    while let merge = popBest() {
      guard symbols[merge.left].version == merge.versions.0,
        symbols[merge.right].version == merge.versions.1
      else { continue }
      join(merge.left, merge.right)
    }
    return symbols.map(\.piece).filter { !$0.isEmpty }
  }

  /// Bytes of the first Unicode scalar: its first byte and the continuation bytes that follow.
  private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
    1 + bytes.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count
  }

  private mutating func join(_ left: Int, _ right: Int) {
    symbols[left].piece += symbols[right].piece
    symbols[left].version += 1
    symbols[left].next = symbols[right].next
    symbols[right].piece = []
    symbols[right].version += 1
    if symbols[left].next < symbols.count {
      symbols[symbols[left].next].previous = left
      propose(left, symbols[left].next)
    }
    if symbols[left].previous >= 0 { propose(symbols[left].previous, left) }
  }

  private mutating func propose(_ left: Int, _ right: Int) {
    // User-defined pieces (version -1) never merge.
    guard symbols[left].version >= 0, symbols[right].version >= 0,
      let id = vocabulary.identifier(of: symbols[left].piece + symbols[right].piece)
    else { return }
    push(
      Merge(
        score: vocabulary.scores[id], left: left, right: right,
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
