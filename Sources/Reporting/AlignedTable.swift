/// Rows aligned in columns, for terminals.
public struct AlignedTable: Sendable {
    /// How a column's cells stand.
    public enum Alignment: Sendable {
        /// Text.
        case left
        /// Numbers.
        case right
    }

    private let heads: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// Creates a table without rows.
    /// - Parameter columns: head and alignment of each column; empty heads print no head line.
    public init(_ columns: [(head: String, alignment: Alignment)]) {
        heads = columns.map(\.head)
        alignments = columns.map(\.alignment)
    }

    /// Adds a row; control characters in it are escaped.
    /// - Parameter cells: one per column.
    public mutating func add(_ cells: [String]) {
        precondition(
            cells.count == heads.count,
            "table row has \(cells.count) cells, the table \(heads.count) columns"
        )
        rows.append(cells.map(TerminalText.escaped))
    }

    /// The table, one line per row, each ending in a line feed; two spaces between columns.
    public var text: String {
        let lines = (heads.allSatisfy(\.isEmpty) ? [] : [heads]) + rows
        let widths = heads.indices.map { column in
            lines.map { $0[column].unicodeScalars.count }.max() ?? 0
        }
        return lines.map { line($0, widths: widths) + "\n" }.joined()
    }

    private func line(_ cells: [String], widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let missing = widths[column] - cells[column].unicodeScalars.count
            let space = String(repeating: " ", count: missing)
            switch alignments[column] {
            case .left: return cells[column] + space
            case .right: return space + cells[column]
            }
        }
        let line = padded.joined(separator: "  ")
        let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }
        return end.map { String(line[...$0]) } ?? ""
    }
}
