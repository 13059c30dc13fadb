/// How well one answer fits the truths, from 0 to 1, by the rules of the official scorers.
enum AnswerMetric {
  /// TextVQA: the mean over the ten subsets of nine people of min(1, agreeing people / 3).
  ///
  /// The additions run in the original's order, so that the sum has its rounding.
  /// - Precondition: ten truths.
  static func softAccuracy(_ answer: String, truths: [String]) -> Double {
    precondition(truths.count == 10)
    let normalize = AnswerNormalizer()
    let prediction = normalize(answer)
    let agrees = truths.map { normalize($0) == prediction }
    let agreeing = agrees.count { $0 }
    guard agreeing > 0 else { return 0 }
    let sum = agrees.reduce(0.0) { sum, agrees in
      sum + min(1, Double(agreeing - (agrees ? 1 : 0)) / 3)
    }
    return sum / 10
  }

  /// ST-VQA: whether the normalised answer is one of the normalised truths.
  static func exactAccuracy(_ answer: String, truths: [String]) -> Double {
    let normalize = AnswerNormalizer()
    let prediction = normalize(answer)
    return truths.contains { normalize($0) == prediction } ? 1 : 0
  }

  /// ST-VQA in M4C: 1 - edit distance / longer length, 0 where that is below one half.
  static func sceneTextANLS(_ answer: String, truths: [String]) -> Double {
    let prediction = CodePoints(answer).lowered().stripped()
    return truths.map { truth in
      let truth = CodePoints(truth).lowered().stripped()
      let length = max(prediction.count, truth.count)
      // The original divides by zero where both are empty.
      let similarity = length == 0 ? 1 : 1 - relativeDistance(prediction, truth, length: length)
      return similarity >= 0.5 ? similarity : 0
    }.max() ?? 0
  }

  /// DocVQA and InfographicVQA: as above, but distances are taken after runs of white space were
  /// made one space, and lengths before; upper case may lengthen a text (ß).
  static func documentANLS(_ answer: String, truths: [String]) -> Double {
    func prepared(_ text: String) -> CodePoints {
      CodePoints(CodePoints(text).lowered().words().joined(separator: [" "]))
    }
    func rawLength(_ text: String) -> Int { text.uppercased().unicodeScalars.count }
    let prediction = prepared(answer)
    let distances = truths.map { truth in
      let length = max(rawLength(truth), rawLength(answer))
      return length == 0 ? 0 : relativeDistance(prepared(truth), prediction, length: length)
    }
    let similarity = 1 - (distances.min() ?? 1)
    return similarity < 0.5 ? 0 : similarity
  }

  /// ChartQA: numbers within five percent, other answers equal but for case.
  static func relaxedAccuracy(_ answer: String, truth: String) -> Double {
    func number(_ text: CodePoints) -> Double? {
      guard text.last == "%" else { return pythonFloat(text) }
      let digits = text.prefix { _ in true }.reversed().drop { $0 == "%" }.reversed()
      return pythonFloat(CodePoints(digits)).map { $0 / 100 }
    }
    let (answer, truth) = (CodePoints(answer), CodePoints(truth))
    if let value = number(answer), let target = number(truth), target != 0 {
      return abs(value - target) / abs(target) <= 0.05 ? 1 : 0
    }
    return answer.lowered() == truth.lowered() ? 1 : 0
  }

  /// RSVQA as scored for remote-sensing models: equal but for case.
  static func caselessMatch(_ answer: String, truth: String) -> Double {
    CodePoints(answer).lowered() == CodePoints(truth).lowered() ? 1 : 0
  }

  /// POPE: whether an answer means yes; it does unless its first sentence holds "no" or "not".
  static func meansYes(_ answer: String) -> Bool {
    let sentence = CodePoints(answer).prefix { $0 != "." }.filter { $0 != "," }
    let words = sentence.split(separator: " ", omittingEmptySubsequences: false)
    return !["No", "not", "no"].contains { no in
      words.contains { $0.elementsEqual(no.unicodeScalars) }
    }
  }

  /// MagnifierBench: the letter that an answer to a multiple-choice question chooses; nil if none.
  ///
  /// - Parameter question: `Question? A. x, B. y, C. z, D. w`, as the data set has it.
  static func choice(_ answer: String, question: String) -> String? {
    let letters: CodePoints = ["A", "B", "C", "D"]
    let text = CodePoints(answer)
    let start = "The answer is "
    var end = text.firstOccurrence(of: CodePoints(start))?.upperBound
    while let place = end {
      if place < text.count, letters.contains(text[place]) { return String(text[place]) }
      end = text.firstOccurrence(of: CodePoints(start), from: place)?.upperBound
    }
    if let letter = letters.first(where: { text.contains($0) }) { return String(letter) }
    let upper = CodePoints(answer.uppercased())
    for (letter, option) in zip(letters, options(of: question)) where upper.contains(part: option) {
      return String(letter)
    }
    return letters.first { upper.contains($0) }.map(String.init)
  }

  /// The four options of `Question? A. x, B. y, C. z, D. w` in upper case; none where they are not on
  /// one line. In the official script: `A\. (.+?), B\. (.+?), C\. (.+?), D\. (.+)`.
  private static func options(of question: String) -> [CodePoints] {
    for line in CodePoints(question).split(separator: "\n").map({ CodePoints($0) }) {
      guard var start = line.firstOccurrence(of: CodePoints("A. "))?.upperBound else { continue }
      var options: [CodePoints] = []
      for mark in [", B. ", ", C. ", ", D. "] {
        // Each option has a character at least.
        guard
          let range = line.firstOccurrence(of: CodePoints(mark), from: min(start + 1, line.count))
        else { break }
        options.append(CodePoints(line[start..<range.lowerBound]))
        start = range.upperBound
      }
      guard options.count == 3, start < line.count else { continue }
      return (options + [CodePoints(line[start...])]).map { option in
        var option = option.stripped()
        if let last = option.last, ".,?".unicodeScalars.contains(last) { option.removeLast() }
        return CodePoints(option.text.uppercased())
      }
    }
    return []
  }

  /// The longest truth that answers are compared with, in code points.
  static let truthLimit = 8192

  /// Edit distance by a length that is no less than it. Where more than half must differ, which both
  /// scorers take for no likeness at all, it is 1: so answers of any length cost little.
  private static func relativeDistance(_ a: CodePoints, _ b: CodePoints, length: Int) -> Double {
    if 2 * abs(a.count - b.count) > length { return 1 }
    return Double(editDistance(a, b)) / Double(length)
  }

  /// Levenshtein distance in code points.
  static func editDistance(_ a: CodePoints, _ b: CodePoints) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
