public import EvalCore
internal import Foundation
internal import InputFiles

extension RunRecipe {
    /// The recipe's JSON with sorted keys, the bytes that its digest is taken of.
    public var canonicalJSON: String { sortedJSON(self) }

    /// SHA-256 (hex) of `canonicalJSON`: equal recipes, and only they, share a run.
    public var digest: String { SHA256Digest(of: canonicalJSON.utf8).hex }
}

/// JSON with sorted keys.
func sortedJSON(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf",
        negativeInfinity: "-inf",
        nan: "nan"
    )
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
        preconditionFailure("JSON of \(type(of: value)): \(error)")
    }
}

/// Times as the store spells them: UTC with milliseconds.
enum StoreTime {
    static func text(_ date: Date) -> String { date.formatted(style) }

    static func date(_ text: String) -> Date? { try? style.parse(text) }  // nil says it all

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
