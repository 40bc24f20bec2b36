/// What is wrong with a JSON text, and where.
///
/// The text is one line: `config.json:12:7: vision_config.embed_dim: expected an integer, got "a"`.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: String, Sendable {
        /// The text breaks the grammar of RFC 8259.
        case syntax
        /// The text ends too early.
        case truncated
        /// A value is followed by more than whitespace.
        case trailingContent = "trailing_content"
        /// An object has the same key twice.
        case duplicateKey = "duplicate_key"
        /// Arrays and objects are nested too deeply.
        case tooDeep = "too_deep"
        /// A string or an object is larger than any that the program reads.
        case tooLarge = "too_large"
        /// A byte sequence is not UTF-8.
        case invalidUTF8 = "invalid_utf8"
        /// A number is out of range or not JSON.
        case invalidNumber = "invalid_number"
        /// A value has another type or range than asked for.
        case unexpectedValue = "unexpected_value"
        /// A value that must be there is not.
        case missing
        /// An object has a key that its reader does not know.
        case unknownKey = "unknown_key"
    }

    /// The kind of fault.
    public let code: Code
    /// The name of the text, such as a file's path.
    public let source: String
    /// The line, from 1; lines end with a line feed.
    public let line: Int
    /// The column, from 1, in UTF-8 bytes; 0 when only the line is known.
    public let column: Int
    /// The offset of the fault in the text, in bytes from 0.
    public let offset: Int
    /// Where in the document, such as `annotations[3].question_id`; empty at the top.
    public let path: String
    /// What was expected and what was got.
    public let message: String

    /// Creates an error.
    /// - Parameters:
    ///   - code: the kind of fault.
    ///   - source: the name of the text.
    ///   - line: the line, from 1.
    ///   - column: the column in bytes, from 1; 0 when only the line is known.
    ///   - offset: the offset in bytes.
    ///   - path: the place in the document; empty at the top.
    ///   - message: what was expected and what was got.
    public init(
        code: Code,
        source: String,
        line: Int,
        column: Int,
        offset: Int,
        path: String,
        message: String
    ) {
        self.code = code
        self.source = source
        self.line = line
        self.column = column
        self.offset = offset
        self.path = path
        self.message = message
    }

    /// Source, line, column, path and message in one line.
    public var description: String {
        let place = column > 0 ? "\(source):\(line):\(column)" : "\(source):\(line)"
        return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
}
