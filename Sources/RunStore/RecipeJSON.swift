public import EvalCore
internal import Foundation
internal import InputFiles

extension RunRecipe {
    /// The recipe's JSON with sorted keys.
    public var canonicalJSON: String { sortedJSON(self) }

    /// SHA-256 (hex) of the JSON without the names of folders: runs of equal digest are one.
    ///
    /// A checkpoint or encoder that was moved or renamed is known by its digests.
    public var digest: String {
        var nameless = self
        nameless.engine.model = ""
        if selectionDigest != nil { nameless.selectionEncoder = nil }
        return SHA256Digest(of: nameless.canonicalJSON.utf8).hex
    }
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
