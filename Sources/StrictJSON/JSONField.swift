/// A value of a document, or the lack of one, that knows its path and line.
///
/// Reading methods throw errors such as
/// `config.json:12: vision_config.embed_dim: expected a positive integer, got "a"`.
public struct JSONField: Sendable {
    enum Step: Sendable {
        case key(String)
        case index(Int)
    }

    /// The value; nil if the member is missing.
    public let value: JSONValue?
    let steps: [Step]
    private let text: JSONText

    init(value: JSONValue?, steps: [Step], text: JSONText) {
        self.value = value
        self.steps = steps
        self.text = text
    }

    /// The member `key`, present or missing.
    /// - Throws: ``JSONError`` if this is no object.
    public subscript(key: String) -> JSONField {
        get throws {
            guard case .object(let object)? = value else { throw unexpected("an object") }
            return JSONField(value: object[key], steps: steps + [.key(key)], text: text)
        }
    }

    /// False if the member is missing; null is present.
    public var isPresent: Bool { value != nil }

    /// The field, or nil if it is missing or null.
    public var optional: JSONField? { value == nil || value == .null ? nil : self }

    /// The value.
    /// - Returns: the value, which may be null.
    /// - Throws: ``JSONError`` if it is missing.
    public func required() throws -> JSONValue {
        guard let value else { throw failure("is missing", code: .missing) }
        return value
    }

    /// A string.
    /// - Returns: its text.
    /// - Throws: ``JSONError`` if it is missing or something else.
    public func string() throws -> String {
        guard case .string(let text)? = value else { throw unexpected("a string") }
        return text
    }

    /// True or false.
    /// - Returns: the value.
    /// - Throws: ``JSONError`` if it is missing or something else.
    public func boolean() throws -> Bool {
        guard case .boolean(let flag)? = value else { throw unexpected("true or false") }
        return flag
    }

    /// An integer.
    /// - Parameter range: the values that are allowed.
    /// - Returns: the integer.
    /// - Throws: ``JSONError`` if it is missing, something else or out of range.
    public func integer(in range: ClosedRange<Int> = .min ... .max) throws -> Int {
        let wanted = Self.name(of: range)
        guard case .integer(let number)? = value, range.contains(number) else {
            throw unexpected(wanted)
        }
        return number
    }

    /// An integer of at least 1.
    /// - Returns: the integer.
    /// - Throws: ``JSONError`` if it is missing, something else or less.
    public func positiveInteger() throws -> Int { try integer(in: 1 ... .max) }

    /// A number, which may be written as an integer.
    /// - Returns: the nearest double; always finite.
    /// - Throws: ``JSONError`` if it is missing or something else.
    public func double() throws -> Double {
        switch value {
        case .integer(let number)?: return Double(number)
        case .number(let number)?: return number
        case .bigInteger(let digits)?:
            guard let number = Double(digits), number.isFinite else { fallthrough }
            return number
        default: throw unexpected("a number")
        }
    }

    /// The elements of an array.
    /// - Returns: the elements, in order.
    /// - Throws: ``JSONError`` if it is missing or something else.
    public func array() throws -> [JSONField] {
        guard case .array(let elements)? = value else { throw unexpected("an array") }
        return elements.enumerated().map { index, element in
            JSONField(value: element, steps: steps + [.index(index)], text: text)
        }
    }

    /// The members of an object.
    /// - Returns: keys and values, in order.
    /// - Throws: ``JSONError`` if it is missing or something else.
    public func members() throws -> [(key: String, field: JSONField)] {
        guard case .object(let object)? = value else { throw unexpected("an object") }
        return object.members.map { member in
            let field = JSONField(
                value: member.value,
                steps: steps + [.key(member.key)],
                text: text
            )
            return (member.key, field)
        }
    }

    /// Makes sure that an object has no other keys than `known`.
    /// - Parameter known: the keys that are allowed.
    /// - Throws: ``JSONError`` naming the first other key, or if this is no object.
    public func allowOnly(_ known: [String]) throws {
        for (key, field) in try members()
        where !known.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
            let list = known.joined(separator: ", ")
            throw field.failure("unknown key; known are \(list)", code: .unknownKey)
        }
    }

    /// An error at this field, for a reader's own checks.
    /// - Parameters:
    ///   - message: what was expected and what was got.
    ///   - code: the kind of fault.
    /// - Returns: the error, with line and path.
    public func failure(
        _ message: String,
        code: JSONError.Code = .unexpectedValue
    ) -> JSONError {
        let place = text.position(of: steps)
        return JSONError(
            code: code,
            source: text.source,
            line: place.line,
            column: 0,
            offset: place.offset,
            path: path,
            message: message
        )
    }

    /// The error that something else was expected here.
    /// - Parameter wanted: what was expected, with its article: `a positive integer`.
    /// - Returns: the error, saying what there is instead.
    public func unexpected(_ wanted: String) -> JSONError {
        guard let value else { return failure("is missing; expected \(wanted)", code: .missing) }
        return failure("expected \(wanted), got \(Self.summary(of: value))")
    }

    /// The path from the top: `vision_config.embed_dim`, `merges[3]`.
    public var path: String {
        steps.reduce(into: "") { path, step in
            switch step {
            case .key(let key):
                path += path.isEmpty ? key.escapedForDisplay : "." + key.escapedForDisplay
            case .index(let index): path += "[\(index)]"
            }
        }
    }

    private static func name(of range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "an integer"
        case (1, .max): "a positive integer"
        case (0, .max): "an integer that is not negative"
        case (let low, .max): "an integer of at least \(low)"
        case (.min, let high): "an integer of at most \(high)"
        case (let low, let high): "an integer from \(low) to \(high)"
        }
    }

    private static func summary(of value: JSONValue) -> String {
        switch value {
        case .array(let elements): return "an array of \(elements.count)"
        case .object: return "an object"
        default:
            let text = value.text()
            return text.unicodeScalars.count <= 60
                ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(60))) + "…"
        }
    }
}
