#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Answers as a table: a row for each image, a column for each question.
///
///   image, total, [total_confidence, total_first_probability,] date, ..., error
package struct AnswerTable: Sendable {
  package enum Format: Sendable {
    /// RFC 4180, with a header.
    case csv
    /// A JSON object on each line, its keys in the columns' order.
    case jsonl
  }

  /// What can be chosen about a table; the answers are the same in all.
  package struct Options: Sendable, Equatable {
    package var format = Format.csv
    package var showsConfidence = false
    /// Answers of less ``Confidence/mean`` are left out.
    package var minimumConfidence = 0.0
    /// Whether cells of a CSV may begin as a spreadsheet's formulas do.
    package var allowsFormulas = false

    package init() {}
  }

  /// What a row is and what is not in it.
  package struct Row: Sendable {
    /// With its line end.
    package let text: String
    /// Answers that the model gave.
    package let answered: Int
    /// Of those, left out, for the model is not sure of them.
    package let doubtful: Int
    /// Why answers are missing: the image could not be read, or a prompt is too long. Where other
    /// columns have theirs, each reason follows its column's name.
    package let error: String?
  }

  private enum Cell {
    case empty
    case text(String)
    case number(Double)
  }

  private let columns: [TableColumn]
  private let options: Options

  package init(_ columns: [TableColumn], _ options: Options) {
    (self.columns, self.options) = (columns, options)
  }

  /// The names of the columns, in order.
  package var names: [String] {
    [TableColumn.imageName]
      + columns.flatMap { [$0.name] + (options.showsConfidence ? $0.confidenceNames : []) }
      + [TableColumn.errorName]
  }

  /// The line before all rows; empty where the format has none.
  package var header: String { options.format == .csv ? csv(names.map(Cell.text)) : "" }

  /// The row of an image.
  /// - Parameter records: of all columns, in order.
  package func row(image: String, _ records: [AnswerRecord]) -> Row {
    precondition(records.count == columns.count)
    var cells = [Cell.text(image)]
    var doubtful = 0
    var failures: [(column: String, reason: String)] = []
    for (column, record) in zip(columns, records) {
      let metadata = record.metadata
      if let reason = metadata?.error {
        failures.append((column.name, reason))
        cells.append(.empty)
      } else if (metadata?.confidence ?? 0) < options.minimumConfidence {
        doubtful += 1
        cells.append(.empty)
      } else {
        cells.append(.text(record.text))
      }
      if options.showsConfidence {
        cells += [metadata?.confidence, metadata?.firstProbability]
          .map { $0.map(Cell.number) ?? .empty }
      }
    }
    let error = Self.error(failures, ofAll: failures.count == columns.count)
    cells.append(error.map(Cell.text) ?? .empty)
    return Row(
      text: options.format == .csv ? csv(cells) : json(cells),
      answered: records.count - failures.count, doubtful: doubtful, error: error)
  }

  /// - Parameter all: whether no column has an answer.
  private static func error(
    _ failures: [(column: String, reason: String)], ofAll all: Bool
  ) -> String? {
    guard let first = failures.first else { return nil }
    if all, failures.allSatisfy({ $0.reason == first.reason }) { return first.reason }
    return failures.map { "\($0.column): \($0.reason)" }.joined(separator: "; ")
  }

  private func csv(_ cells: [Cell]) -> String {
    SeparatedValues.line(
      cells.map { cell in
        switch cell {
        case .empty: ""
        case .number(let number): number.fixed(4)
        case .text(let text): options.allowsFormulas ? text : SeparatedValues.harmless(text)
        }
      })
  }

  /// Written by hand, for encoders do not keep the order of keys.
  private func json(_ cells: [Cell]) -> String {
    let fields = zip(names, cells).map { name, cell in
      let value =
        switch cell {
        case .empty: "null"
        case .number(let number): number.fixed(4)
        case .text(let text): Self.json(text)
        }
      return "\(Self.json(name)):\(value)"
    }
    return "{\(fields.joined(separator: ","))}\n"
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { preconditionFailure("text not encodable") }
    return String(decoding: data, as: UTF8.self).printableJSON
  }
}
