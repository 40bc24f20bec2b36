/// A JSON text in memory whose values know their place: for configuration files and requests.
///
///     let config = try JSONDocument(bytes, source: "config.json").root
///     let width = try config["vision_config"]["embed_dim"].positiveInteger()
///     let theta = try config["rope_theta"].optional?.double() ?? 10_000
public struct JSONDocument: Sendable {
    private let text: JSONText
    /// The whole value.
    public let value: JSONValue

    /// Reads a JSON text.
    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - source: its name, for errors.
    ///   - line: the number of its first line.
    /// - Throws: ``JSONError`` with line and column if it is not strict JSON.
    public init(_ bytes: [UInt8], source: String, line: Int = 1) throws {
        text = JSONText(bytes: bytes, source: source, firstLine: line)
        value = try JSONValue(parsing: bytes, source: source, line: line)
    }

    /// The top value.
    public var root: JSONField { JSONField(value: value, steps: [], text: text) }
}

/// The bytes of a document, in which errors find their line.
struct JSONText: Sendable {
    let bytes: [UInt8]
    let source: String
    let firstLine: Int

    /// The offset and line of the value at `steps`, or of the innermost value on the way.
    ///
    /// The text is scanned again: errors are rare, so values need not carry positions.
    func position(of steps: [JSONField.Step]) -> (offset: Int, line: Int) {
        var scanner = JSONScanner(bytes, source: source, line: firstLine)
        var place = (offset: 0, line: firstLine)
        // The text was parsed before; if it fails all the same, the place found so far serves.
        try? scanner.descend(steps[...], &place)
        return place
    }
}

extension JSONScanner {
    /// Moves along `steps`, noting where each value starts.
    fileprivate mutating func descend(
        _ steps: ArraySlice<JSONField.Step>,
        _ place: inout (offset: Int, line: Int)
    ) throws {
        place = (try nextOffset(), line)
        let rest = steps.dropFirst()
        switch steps.first {
        case nil: return
        case .key(let wanted):
            guard try peekKind() == .object else { return }
            try forEachMember { key, scanner in
                guard key.utf8.elementsEqual(wanted.utf8) else { return }
                try scanner.descend(rest, &place)
            }
        case .index(let wanted):
            guard try peekKind() == .array else { return }
            var index = 0
            try forEachElement { scanner in
                defer { index += 1 }
                if index == wanted { try scanner.descend(rest, &place) }
            }
        }
    }
}
