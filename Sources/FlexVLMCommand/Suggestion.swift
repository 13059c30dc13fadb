/// Finds the known word that a mistyped one most likely stands for.
enum Suggestion {
  /// The nearest candidate: one that `word` begins, or within a third of its length in edits.
  ///
  /// Of equally near candidates the first wins.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, min(3, word.count / 3))
    let ranked = candidates.map { candidate in
      let isBeginning = word.count >= 3 && candidate.hasPrefix(word)
      return (candidate, isBeginning ? 1 : editDistance(word, candidate))
    }
    return ranked.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// " Did you mean 'x'?"; nothing without a suggestion.
  static func question(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean '\($0)'?" } ?? ""
  }

  /// Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
  ///
  /// Optimal string alignment: no letter is edited twice.
  /// - Complexity: O(*mn*) time and O(*n*) memory for lengths *m* and *n*.
  static func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
