/// Puts the tables of an extraction's shards together: rows as they stand, in the order of the images.
package struct TableMerge: Sendable {
  /// The answers behind the table.
  package let answers: ShardMerge
  /// The whole table, UTF-8.
  package let bytes: [UInt8]

  /// - Throws: ``EvaluationError`` as ``ShardMerge`` does, and where a table is not that of its answers
  ///   or has other columns than the first.
  package init(_ paths: [String]) throws(EvaluationError) {
    answers = try ShardMerge(paths.map(AnswerLog.path(ofTable:)))
    let perImage = answers.identity.questionsPerImage ?? 0
    var header: ArraySlice<UInt8>?
    var rows: [(image: Int, row: ArraySlice<UInt8>)] = []
    for path in paths {
      let table = try Self.read(path)
      guard header == nil || header == table.header else {
        throw .unsuitableFiles("'\(paths[0])' and '\(path)' differ in format or columns")
      }
      header = table.header
      let indices = try AnswerRecord.read(contentsOfFile: AnswerLog.path(ofTable: path))
        .compactMap { $0.value.metadata?.index }
      guard perImage > 0, indices.count.isMultiple(of: perImage),
        table.rows.count == indices.count / perImage
      else {
        throw .malformed(
          file: path, place: "\(table.rows.count) rows",
          problem: "not the table of the answers beside it; draw it again with '--resume'")
      }
      rows += zip(stride(from: 0, to: indices.count, by: perImage), table.rows)
        .map { (indices[$0], $1) }
    }
    rows.sort { $0.image < $1.image }
    bytes = Array(header ?? []) + rows.flatMap(\.row)
  }

  /// JSON's objects have no header; a CSV's begins with the name of its first column.
  private static func read(
    _ path: String
  ) throws(EvaluationError) -> (header: ArraySlice<UInt8>, rows: ArraySlice<ArraySlice<UInt8>>) {
    let bytes = Array(try JSONFile.bytes(path))
    guard let first = bytes.first, first != UInt8(ascii: "{") else {
      return ([], bytes.split(separator: UInt8(ascii: "\n")).map { $0 + [UInt8(ascii: "\n")] }[...])
    }
    let lines = SeparatedValues.lines(bytes)
    return (lines.first ?? [], lines.dropFirst())
  }
}
