extension Array where Element: Equatable {
  /// Where a part first occurs at `start` or behind it; an empty part at once.
  ///
  /// - Complexity: O(n + m) for any texts (Knuth, Morris and Pratt 1977), since texts come from files.
  func firstOccurrence(of part: [Element], from start: Int = 0) -> Range<Int>? {
    guard part.count <= count - start else { return nil }
    // borders[i]: length of the longest proper prefix of part[...i] that also ends it
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in part.indices.dropFirst() {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders[index] = length
    }
    length = 0
    for index in start..<count {
      if length == part.count { break }
      while length > 0, self[index] != part[length] { length = borders[length - 1] }
      if self[index] == part[length] { length += 1 }
      if length == part.count { return index + 1 - length..<index + 1 }
    }
    return part.isEmpty ? start..<start : nil
  }

  func contains(part: [Element]) -> Bool { firstOccurrence(of: part) != nil }
}
