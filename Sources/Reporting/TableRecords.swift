internal import EvalCore
internal import Foundation

/// A result table as data: one record per cell, values in the metric's own unit.
public struct TableRecords: Sendable {
    private let records: [[(name: String, value: FieldValue)]]

    /// Prepares a rendering.
    /// - Parameter table: the table.
    public init(_ table: ResultTable) { records = table.cells.map(Self.fields) }

    /// Comma-separated values after RFC 4180, with a head line where there is a record; lossless,
    /// so cells are not protected against spreadsheets that execute them.
    public var csv: String {
        let head = records.first.map { [$0.map(\.name)] } ?? []
        return (head + records.map { $0.map(\.value.plain) }).map { fields in
            fields.map(Self.quoted).joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// A JSON array of objects, one line each; what is missing is null.
    public var json: String {
        let lines = records.map { record in
            "{" + record.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ",") + "}"
        }
        return "[" + lines.map { "\n" + $0 }.joined(separator: ",") + "\n]\n"
    }

    private static func fields(
        of cell: ResultTable.Cell
    ) -> [(name: String, value: FieldValue)] {
        fields(of: cell.run) + [
            ("published_model", .text(cell.published?.result.model)),
            ("published_metric", .text(cell.published?.result.metric)),
            ("published_value", .number(cell.published?.result.value)),
            ("published_difference", .number(cell.published?.difference)),
        ]
    }

    private static func fields(of run: RunSummary) -> [(name: String, value: FieldValue)] {
        let recipe = run.plan.recipe
        let headline = run.metrics.first
        return [
            ("model", .text(recipe.engine.model)), ("shots", .integer(recipe.shots)),
            ("selection", .text(recipe.selection)), ("encoder", .text(recipe.selectionEncoder)),
            ("support", .integer(run.plan.supportCount)), ("seed", .unsigned(recipe.seed)),
            ("protocol", .text(recipe.promptProtocol)), ("variant", .text(recipe.variant)),
            ("precision", .text(recipe.engine.precision)), ("task", .text(recipe.task)),
            ("split", .text(recipe.split)), ("metric", .text(headline?.metric)),
            ("version", .integer(headline?.version)), ("value", .number(headline?.value)),
            ("low", .number(headline?.interval?.lowerBound)),
            ("high", .number(headline?.interval?.upperBound)),
            ("n", .integer(headline?.count ?? run.finishedCount - run.errorCount)),
            ("errors", .integer(run.errorCount)), ("comparable", .flag(run.isComparable)),
            ("subset", .flag(run.plan.isSubset)), ("demo", .flag(run.plan.isDemo)),
            ("run", .text(run.run)),
        ]
    }

    private static func quoted(_ field: String) -> String {
        let special = Set("\",\r\n".utf8)
        guard field.utf8.contains(where: special.contains) else { return field }
        let doubled = field.unicodeScalars.reduce(into: "") { result, scalar in
            result += scalar == "\"" ? "\"\"" : String(scalar)
        }
        return "\"\(doubled)\""
    }
}

/// One field of a record.
private enum FieldValue: Sendable {
    case text(String?)
    case integer(Int?)
    case unsigned(UInt64)
    case number(Double?)
    case flag(Bool)

    var plain: String {
        switch self {
        case .text(let value): value ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .unsigned(let value): String(value)
        case .number(let value): value?.description ?? ""
        case .flag(let value): String(value)
        }
    }

    var json: String {
        switch self {
        case .text(let value?): Self.jsonString(value)
        case .text(nil), .integer(nil), .number(nil): "null"
        case .integer, .unsigned, .number, .flag: plain
        }
    }

    private static func jsonString(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else {
            preconditionFailure("a string could not be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
