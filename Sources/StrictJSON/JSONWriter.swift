/// How JSON is written.
public struct JSONFormat: Sendable {
    /// Members in the order of their keys' code points instead of their own.
    public var sortsKeys: Bool
    /// Spaces per level; 0 writes everything in one line.
    public var indentation: Int

    /// Creates a format.
    /// - Parameters:
    ///   - sortsKeys: true for members in the order of their keys' code points.
    ///   - indentation: spaces per level; 0 for one line.
    public init(sortsKeys: Bool = false, indentation: Int = 0) {
        self.sortsKeys = sortsKeys
        self.indentation = indentation
    }

    /// One line, members as they stand: for JSON lines.
    public static let line = JSONFormat()
    /// One line, sorted keys: equal values give equal bytes, so digests are taken of this form.
    public static let canonical = JSONFormat(sortsKeys: true)
    /// Two spaces per level: for people.
    public static let pretty = JSONFormat(indentation: 2)
}

extension JSONValue {
    /// The value as JSON text, without a line feed at the end.
    ///
    /// Deterministic: doubles have the shortest text that reads back the same, those that are not
    /// finite are null. Control characters, line separators and marks that reorder text are
    /// escaped, so that a terminal shows the text as it is.
    /// - Parameter format: order and spacing.
    /// - Returns: the text.
    public func text(_ format: JSONFormat = .line) -> String {
        String(decoding: utf8(format), as: UTF8.self)
    }

    /// The UTF-8 bytes of ``text(_:)``.
    /// - Parameter format: order and spacing.
    /// - Returns: the bytes.
    public func utf8(_ format: JSONFormat = .line) -> [UInt8] {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return writer.bytes
    }
}

/// Appends values to bytes.
private struct JSONWriter {
    let format: JSONFormat
    var bytes: [UInt8] = []
    private var level = 0

    init(format: JSONFormat) { self.format = format }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .bigInteger(let text): bytes += text.utf8
        case .number(let value): bytes += (value.isFinite ? value.description : "null").utf8
        case .string(let text): write(text)
        case .array(let elements):
            writeItems(elements, "[", "]") { $0.write($1) }
        case .object(let object):
            writeItems(ordered(object.members), "{", "}") { writer, member in
                writer.write(member.key)
                writer.bytes += (writer.format.indentation > 0 ? ": " : ":").utf8
                writer.write(member.value)
            }
        }
    }

    private func ordered(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
        guard format.sortsKeys else { return members }
        return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private mutating func writeItems<Item>(
        _ items: [Item],
        _ open: String,
        _ close: String,
        _ writeItem: (inout JSONWriter, Item) -> Void
    ) {
        bytes += open.utf8
        level += 1
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(ASCII.comma) }
            breakLine()
            writeItem(&self, item)
        }
        level -= 1
        if !items.isEmpty { breakLine() }
        bytes += close.utf8
    }

    private mutating func breakLine() {
        guard format.indentation > 0 else { return }
        bytes.append(ASCII.lineFeed)
        bytes += repeatElement(UInt8(ascii: " "), count: level * format.indentation)
    }

    private mutating func write(_ text: String) {
        bytes.append(ASCII.quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case let scalar where scalar.isUnsafeToShow: bytes += scalar.jsonEscape.utf8
            default: bytes.append(contentsOf: scalar.utf8)
            }
        }
        bytes.append(ASCII.quote)
    }
}

extension Unicode.Scalar {
    /// True for scalars that act on a terminal or hide in it instead of showing.
    ///
    /// Controls, line and paragraph separators, direction marks, the byte order mark. The list is
    /// fixed, since digests are taken of written text.
    var isUnsafeToShow: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
            0xFEFF:
            true
        default: false
        }
    }

    var jsonEscape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension String {
    /// The text with controls and direction marks written as `\u001b`: safe to print.
    public var escapedForDisplay: String {
        guard unicodeScalars.contains(where: \.isUnsafeToShow) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            scalar.isUnsafeToShow
                ? text += scalar.jsonEscape : text.unicodeScalars.append(scalar)
        }
    }
}
