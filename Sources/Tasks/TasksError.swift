internal import EvalCore

/// What is wrong with a task file, a request for a task, a dataset or a prediction file.
public struct TasksError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Whose fault it is.
    public enum Kind: Sendable, Equatable {
        /// A task file breaks the format.
        case taskFile
        /// A task, split, protocol or variant that does not exist was asked for.
        case request
        /// A dataset file is missing or says something impossible.
        case data
        /// A prediction file says something impossible.
        case predictions
    }

    /// Whose fault it is.
    public let kind: Kind
    /// File and line, or file and item.
    public let place: String
    /// What was expected and got, and what to do next: one line.
    public let message: String

    init(_ kind: Kind, at place: String, _ message: String) {
        self.kind = kind
        self.place = place.onOneLine
        self.message = message.onOneLine
    }

    /// `place: message`, or the message alone.
    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

extension TasksError {
    /// That `name` is none of `names`.
    static func unknown(
        _ what: String,
        _ name: String,
        among names: [String],
        kind: Kind,
        at place: String
    ) -> TasksError {
        let hint = nearestName(to: name, among: names).map { ", did you mean \"\($0)\"?" } ?? ""
        let known = names.isEmpty ? "" : "; known: \(names.joined(separator: ", "))"
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(60)))
        return TasksError(
            kind,
            at: place,
            "unknown \(what) \"\(shown)\"\(hint.isEmpty ? known : hint)"
        )
    }
}

extension String {
    /// The text with control characters and line separators shown as `\u{a}`: names in messages
    /// come from files.
    fileprivate var onOneLine: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
