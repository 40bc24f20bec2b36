/// A JSON value in memory: for configuration files, requests and everything that is written.
///
/// Equality is exact: strings compare by their bytes, `1` differs from `1.0`, members by order.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int)
    /// An integer beyond 64 bits, as written: `model_max_length` is one in many tokenizers.
    case bigInteger(String)
    /// A number with fraction or exponent. Written as null unless finite.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// Reads a JSON text.
    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - source: its name, for errors.
    ///   - line: the number of its first line.
    /// - Throws: ``JSONError`` with line and column if it is not strict JSON.
    public init(parsing bytes: [UInt8], source: String, line: Int = 1) throws {
        var scanner = JSONScanner(bytes, source: source, line: line)
        self = try scanner.value()
        try scanner.finish()
    }

    /// The value, or null.
    /// - Parameter value: nil becomes null.
    public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

    /// The value, or null.
    /// - Parameter value: nil becomes null.
    public init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }

    /// The value, or null.
    /// - Parameter value: nil becomes null.
    public init(_ value: String?) { self = value.map { .string($0) } ?? .null }

    /// The value, or null.
    /// - Parameter value: nil becomes null.
    public init(_ value: Bool?) { self = value.map { .boolean($0) } ?? .null }
}

extension JSONValue: Equatable {
    /// Exact equality: strings by bytes, integers apart from fractions.
    /// - Parameters:
    ///   - left: a value.
    ///   - right: another.
    /// - Returns: true if both write the same.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.bigInteger(let a), .bigInteger(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Null.
    /// - Parameter nilLiteral: nothing.
    public init(nilLiteral: ()) { self = .null }
    /// A Boolean.
    /// - Parameter value: the literal.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An integer.
    /// - Parameter value: the literal.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    /// - Parameter value: the literal.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A string.
    /// - Parameter value: the literal.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    /// - Parameter elements: its elements.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; its keys must differ.
    /// - Parameter elements: its members in order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
}

extension JSONScanner {
    /// Reads the next value whole.
    /// - Returns: the value.
    /// - Throws: ``JSONError`` if it is broken.
    public mutating func value() throws -> JSONValue {
        switch try peekKind() {
        case .string: return .string(try takeString())
        case .boolean: return .boolean(try takeBoolean())
        case .null:
            try takeLiteral("null")
            return .null
        case .number:
            switch try takeNumber() {
            case .integer(let value): return .integer(value)
            case .bigInteger(let text): return .bigInteger(text)
            case .double(let value): return .number(value)
            }
        case .array:
            var elements: [JSONValue] = []
            try forEachElement { elements.append(try $0.value()) }
            return .array(elements)
        case .object:
            var members: [(String, JSONValue)] = []
            try forEachMember { members.append(($0, try $1.value())) }
            return .object(JSONObject(members))
        }
    }
}
