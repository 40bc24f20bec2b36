/// A text with places for pictures and sample fields: `Image:{image}Question: {question}`.
///
/// `{image}` is a picture, `{name}` a field of the sample (or `{answer}`, the answer that a shot
/// shows), `{{` and `}}` are braces. Everything else is literal markup. The language has nothing
/// more: no conditions, no loops, no filters.
public struct PromptTemplate: Sendable, Hashable {
    /// A part of a template.
    public enum Piece: Sendable, Hashable {
        /// Literal markup.
        case literal(String)
        /// The place of a field's text.
        case field(String)
        /// The place of the next picture.
        case image
    }

    /// The template as written.
    public let source: String
    /// Its parts in order; no two literals are neighbours and none is empty.
    public let pieces: [Piece]

    /// Reads a template.
    /// - Parameter source: the template's text.
    /// - Throws: `PromptTemplateError` for a brace that opens or closes nothing and for a name
    ///   that is not lower-case letters, digits and `_`.
    public init(_ source: String) throws(PromptTemplateError) {
        self.source = source
        pieces = try Self.parse(source)
    }

    /// Names of the fields in order of appearance, repeats included.
    public var fields: [String] {
        pieces.compactMap { if case .field(let name) = $0 { name } else { nil } }
    }

    /// Number of pictures.
    public var imageCount: Int { pieces.count { $0 == .image } }

    /// The template without every occurrence of `token` in its literals; what follows it stays.
    public func removing(_ token: String) -> PromptTemplate {
        let pieces = pieces.compactMap { piece -> Piece? in
            guard case .literal(let text) = piece else { return piece }
            let rest = text.removingBytes(of: token)
            return rest.isEmpty ? nil : .literal(rest)
        }
        return PromptTemplate(source: source.removingBytes(of: token), pieces: pieces)
    }

    /// The template of nothing.
    public static let empty = PromptTemplate(source: "", pieces: [])

    private init(source: String, pieces: [Piece]) {
        self.source = source
        self.pieces = pieces
    }

    private static func parse(_ source: String) throws(PromptTemplateError) -> [Piece] {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        let bytes = Array(source.utf8)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            let isBrace = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
            if !isBrace {
                literal.append(byte)
                position += 1
            } else if position + 1 < bytes.count, bytes[position + 1] == byte {
                literal.append(byte)
                position += 2
            } else {
                let (name, end) = try placeholder(in: bytes, at: position)
                if !literal.isEmpty {
                    pieces.append(.literal(String(decoding: literal, as: UTF8.self)))
                }
                literal = []
                pieces.append(name == "image" ? .image : .field(name))
                position = end
            }
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return pieces
    }

    private static func placeholder(
        in bytes: [UInt8],
        at start: Int
    ) throws(PromptTemplateError) -> (name: String, end: Int) {
        guard bytes[start] == UInt8(ascii: "{") else { throw .closesNothing(byte: start) }
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
            throw .neverClosed(byte: start)
        }
        let name = bytes[(start + 1)..<end]
        let isName = name.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        let text = String(decoding: name, as: UTF8.self)
        guard isName, !name.isEmpty else { throw .notAName(text, byte: start) }
        return (text, end + 1)
    }
}

/// What is wrong with a template's text.
public enum PromptTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A `}` without its `{`.
    case closesNothing(byte: Int)
    /// A `{` without its `}`.
    case neverClosed(byte: Int)
    /// Between the braces stands no name.
    case notAName(String, byte: Int)

    /// One line; bytes count from 0.
    public var description: String {
        switch self {
        case .closesNothing(let byte):
            "the } at byte \(byte) closes nothing; a literal brace is written }}"
        case .neverClosed(let byte):
            "the { at byte \(byte) is never closed; a literal brace is written {{"
        case .notAName(let text, let byte):
            "{\(text)} at byte \(byte) is no field: names are lower-case letters, digits and _; "
                + "literal braces are written {{ and }}"
        }
    }
}

extension String {
    /// The text without any occurrence of `token`, compared byte by byte.
    fileprivate func removingBytes(of token: String) -> String {
        let bytes = Array(utf8)
        let needle = Array(token.utf8)
        guard !needle.isEmpty else { return self }
        var kept: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: needle) {
                position += needle.count
            } else {
                kept.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
