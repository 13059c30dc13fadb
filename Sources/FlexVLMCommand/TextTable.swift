/// Rows of cells in columns as wide as their widest; the first column is set left, others right.
struct TextTable {
  let header: [String]
  let rows: [[String]]
  /// Columns besides the first that are set left.
  var leftColumns: Set<Int> = []

  /// Writes the lines, the header in bold type where the output shows it.
  func write(to output: TextOutput) throws(CommandError) {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 || leftColumns.contains(column) ? cell + padding : padding + cell
      }.joined(separator: "   ")
    }
    try output.write(line(header), .bold)
    try output.write("\n" + rows.map { line($0) + "\n" }.joined())
  }
}
