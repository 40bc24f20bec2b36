/// Reads a JSON text from front to back in bounded memory, keeping only what is asked for.
///
/// The text comes in chunks of any size. An adapter pulls values: each reading method consumes
/// exactly one value, and visitors may leave a value unread, which skips it. Everything is
/// checked, skipped values too: RFC 8259 grammar, UTF-8, escapes, duplicate keys, depth.
///
///     enum Field: String, CaseIterable { case questionID = "question_id", answers }
///     let fields = JSONFields<Field>()
///     var scanner = JSONScanner(source: file.path) { try chunks.next() }
///     try scanner.forEachElement(at: ["annotations"]) { record in
///         try record.forEachMember(fields) { field, value in
///             switch field {
///             case .questionID: id = try value.integer()
///             case .answers: …
///             }
///         }
///     }
///     try scanner.finish()
public struct JSONScanner: ~Copyable {
    /// The deepest nesting of arrays and objects.
    public static let depthLimit = 512
    /// The longest string that is kept, in bytes; skipped ones may be longer.
    public static let stringLimit = 256 << 20
    /// The longest number, in bytes.
    public static let numberLimit = 1 << 20
    /// The most keys of all objects that the scanner is inside of.
    public static let keyLimit = 1 << 30

    /// The name of the text, for errors.
    public let source: String

    var window: ByteWindow
    var frames = KeyFrames()
    /// The unescaped start of a string that has escapes.
    var scratch: [UInt8] = []
    private let prefix: String

    /// Starts reading.
    /// - Parameters:
    ///   - source: the name of the text, such as a file's path.
    ///   - line: the number of its first line.
    ///   - path: a place that stands before every path in errors.
    ///   - nextChunk: gives the next bytes, nil at the end; what it throws is passed on.
    public init(
        source: String,
        line: Int = 1,
        path: String = "",
        nextChunk: @escaping () throws -> [UInt8]?
    ) {
        self.source = source
        self.prefix = path
        window = ByteWindow(line: line, nextChunk: nextChunk)
    }

    /// Starts reading bytes that are in memory.
    /// - Parameters:
    ///   - bytes: the text.
    ///   - source: its name, such as a file's path.
    ///   - line: the number of its first line.
    public init(_ bytes: [UInt8], source: String, line: Int = 1) {
        var start = 0
        self.init(source: source, line: line) {
            guard start < bytes.count else { return nil }
            let end = min(bytes.count, start + 1 << 16)
            defer { start = end }
            return Array(bytes[start..<end])
        }
    }

    /// The kinds of JSON values.
    public enum Kind: String, Sendable {
        /// `null`.
        case null
        /// `true` or `false`.
        case boolean
        /// Any number.
        case number
        /// A string.
        case string
        /// An array.
        case array
        /// An object.
        case object

        var withArticle: String {
            switch self {
            case .null: "null"
            case .array, .object: "an \(rawValue)"
            default: "a \(rawValue)"
            }
        }
    }

    /// The kind of the next value, which stays unread.
    /// - Returns: the kind, judged by the first byte.
    /// - Throws: ``JSONError`` if no value starts here.
    public mutating func peekKind() throws -> Kind {
        switch try nextByte() {
        case ASCII.quote: return .string
        case ASCII.openBrace: return .object
        case ASCII.openBracket: return .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case ASCII.minus, ASCII.zero...ASCII.nine: return .number
        case let byte: throw noValue(byte)
        }
    }

    /// The offset of the next value's first byte in the whole text.
    /// - Returns: bytes from the start of the text; its length at the end.
    /// - Throws: what the source of chunks throws.
    public mutating func nextOffset() throws -> Int {
        _ = try nextByte()
        return window.offset
    }

    /// The offset of the first byte that is not read yet: behind a value that was just read.
    public var offset: Int { window.offset }

    /// The line that is being read, from 1.
    public var line: Int { window.line }

    /// Makes sure that only whitespace is left.
    /// - Throws: ``JSONError`` if there is more.
    public mutating func finish() throws {
        let byte = try nextByte()
        guard byte == 0, window.isAtEnd else {
            throw failure(
                .trailingContent,
                "expected the end after the value, got \(described(byte))"
            )
        }
    }

    /// An error at the present place, for a reader's own checks.
    /// - Parameters:
    ///   - message: what was expected and what was got.
    ///   - code: the kind of fault.
    /// - Returns: the error, with line, column and path.
    public func failure(
        _ message: String,
        code: JSONError.Code = .unexpectedValue
    ) -> JSONError {
        failure(code, message)
    }

    /// An error `back` bytes before the present place, in the same line.
    func failure(_ code: JSONError.Code, _ message: String, back: Int = 0) -> JSONError {
        let path = frames.path
        let joined =
            prefix.isEmpty || path.isEmpty
            ? prefix + path : path.hasPrefix("[") ? prefix + path : "\(prefix).\(path)"
        return JSONError(
            code: code,
            source: source,
            line: window.line,
            column: window.column - back,
            offset: window.offset - back,
            path: joined,
            message: message
        )
    }
}

extension JSONScanner {
    /// Skips whitespace across chunks and returns the byte there; 0 at the end of the text.
    @inline(__always)
    mutating func nextByte() throws -> UInt8 {
        let byte = window.skipWhitespace()
        return byte != 0 ? byte : try nextByteOfNextChunk()
    }

    private mutating func nextByteOfNextChunk() throws -> UInt8 {
        while true {
            let byte = window.skipWhitespace()
            if byte != 0 || !window.isAtEnd { return byte }
            let isStart = window.offset == 0
            guard try window.refill() else { return 0 }
            if isStart { try checkStart() }
        }
    }

    private mutating func checkStart() throws {
        try window.ensure(3)
        switch window.head {
        case (0xEF, 0xBB, 0xBF):
            throw failure(.syntax, "starts with a byte order mark; save it as UTF-8 without one")
        case (0xFE, 0xFF, _), (0xFF, 0xFE, _):
            throw failure(.syntax, "is UTF-16; save it as UTF-8")
        case (0x1F, 0x8B, _):
            throw failure(.syntax, "is gzip data, not JSON")
        default: break
        }
    }

    mutating func push(isObject: Bool) throws {
        guard frames.depth < Self.depthLimit else {
            throw failure(.tooDeep, "nested deeper than \(Self.depthLimit) levels")
        }
        frames.push(isObject: isObject)
    }

    func noValue(_ byte: UInt8) -> JSONError {
        if byte == 0, window.isAtEnd { return failure(.truncated, "the text ends too early") }
        switch byte {
        case UInt8(ascii: "N"), UInt8(ascii: "I"):
            return failure(
                .invalidNumber,
                "NaN, Infinity and None are not JSON; write null or a number"
            )
        case UInt8(ascii: "T"), UInt8(ascii: "F"):
            return failure(.syntax, "JSON spells its literals true, false and null")
        case UInt8(ascii: "'"):
            return failure(.syntax, "strings need double quotes")
        case ASCII.closeBracket, ASCII.closeBrace, ASCII.comma:
            return failure(.syntax, "expected a value, got \(described(byte))")
        default: return failure(.syntax, "no JSON value starts with \(described(byte))")
        }
    }

    func described(_ byte: UInt8) -> String {
        if byte == 0, window.isAtEnd { return "the end of the text" }
        if 0x21...0x7E ~= byte { return "'\(Unicode.Scalar(byte))'" }
        return "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
}
