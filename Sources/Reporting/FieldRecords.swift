internal import Foundation

/// Records of named fields, all with the same names, as CSV and JSON.
package struct FieldRecords: Sendable {
    private let records: [[(name: String, value: FieldValue)]]

    /// Prepares a rendering.
    package init(_ records: [[(name: String, value: FieldValue)]]) { self.records = records }

    /// Comma-separated values after RFC 4180, with a head line where there is a record; lossless,
    /// so cells are not protected against spreadsheets that execute them.
    package var csv: String {
        let head = records.first.map { [$0.map(\.name)] } ?? []
        return (head + records.map { $0.map(\.value.plain) }).map { fields in
            fields.map(Self.quoted).joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// A JSON array of objects, one line each; what is missing is null.
    package var json: String {
        let lines = records.map { record in
            "{" + record.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ",") + "}"
        }
        return "[" + lines.map { "\n" + $0 }.joined(separator: ",") + "\n]\n"
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
package enum FieldValue: Sendable {
    /// A text, or nothing.
    case text(String?)
    /// An integer, or nothing.
    case integer(Int?)
    /// An integer that may be beyond a signed one.
    case unsigned(UInt64)
    /// A finite number, or nothing.
    case number(Double?)
    /// A truth value.
    case flag(Bool)

    fileprivate var plain: String {
        switch self {
        case .text(let value): value ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .unsigned(let value): String(value)
        case .number(let value): value?.description ?? ""
        case .flag(let value): String(value)
        }
    }

    fileprivate var json: String {
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
