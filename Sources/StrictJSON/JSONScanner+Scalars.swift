extension JSONScanner {
    /// Reads an integer: a number without fraction and exponent that fits 64 bits.
    /// - Returns: the integer.
    /// - Throws: ``JSONError`` if the next value is something else or broken.
    public mutating func integer() throws -> Int {
        _ = try nextByte()
        if let value = window.takeShortInteger() { return value }
        try expect(.number, "an integer")
        switch try takeNumber() {
        case .integer(let value): return value
        case .bigInteger(let text):
            throw failure("expected an integer of 64 bits, got \(text.prefix(40))")
        case .double(let value): throw failure("expected an integer, got \(value)")
        }
    }

    /// Reads a number.
    /// - Returns: the nearest double.
    /// - Throws: ``JSONError`` if the next value is something else, broken or out of range.
    public mutating func double() throws -> Double {
        try expect(.number)
        switch try takeNumber() {
        case .integer(let value): return Double(value)
        case .double(let value): return value
        case .bigInteger(let text): return try finite(text)
        }
    }

    /// Reads true or false.
    /// - Returns: the value.
    /// - Throws: ``JSONError`` if the next value is something else.
    public mutating func boolean() throws -> Bool {
        try expect(.boolean)
        return try takeBoolean()
    }

    /// Reads null if it is next.
    /// - Returns: true if it was; otherwise nothing is read.
    /// - Throws: ``JSONError`` if no value starts here.
    public mutating func takeNull() throws -> Bool {
        guard try peekKind() == .null else { return false }
        try takeLiteral("null")
        return true
    }

    /// Makes sure that the next value is of a kind, which errors may call by another name.
    @inline(__always)
    mutating func expect(_ kind: Kind, _ name: String? = nil) throws {
        let byte = try nextByte()
        switch kind {
        case .string where byte == ASCII.quote: return
        case .object where byte == ASCII.openBrace: return
        case .array where byte == ASCII.openBracket: return
        default: try check(kind, name)
        }
    }

    private mutating func check(_ kind: Kind, _ name: String?) throws {
        let found = try peekKind()
        if found != kind {
            throw failure("expected \(name ?? kind.withArticle), got \(found.withArticle)")
        }
    }

    mutating func takeBoolean() throws -> Bool {
        let isTrue = window.current == UInt8(ascii: "t")
        try takeLiteral(isTrue ? "true" : "false")
        return isTrue
    }

    mutating func takeLiteral(_ literal: StaticString) throws {
        try window.ensure(literal.utf8CodeUnitCount)
        for byte in String(describing: literal).utf8 {
            guard window.current == byte else {
                if window.isAtEnd { throw failure(.truncated, "the text ends inside \(literal)") }
                throw failure(.syntax, "expected \(literal), got \(described(window.current))")
            }
            window.advance()
        }
    }

    /// Reads the number that starts at the present byte.
    mutating func takeNumber() throws -> JSONNumber {
        if let value = window.takeShortInteger() { return .integer(value) }
        window.setMark()
        while true {
            switch window.current {
            case ASCII.zero...ASCII.nine, ASCII.minus, ASCII.plus, ASCII.point,
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                window.advance()
                continue
            case 0 where window.isAtEnd:
                if window.markedCount > Self.numberLimit {
                    throw failure(.tooLarge, "a number is longer than \(Self.numberLimit) bytes")
                }
                if try window.refill() { continue }
            default: break
            }
            break
        }
        var token: [UInt8] = []
        window.appendMarked(to: &token)
        window.clearMark()
        return try number(token)
    }

    private func number(_ token: [UInt8]) throws -> JSONNumber {
        let text = String(decoding: token, as: UTF8.self)
        if text == "-", window.current == UInt8(ascii: "I") { throw noValue(window.current) }
        var grammar = NumberGrammar(token)
        if let fault = grammar.fault() {
            throw failure(.invalidNumber, "\(text.prefix(40)) is not a JSON number: \(fault)")
        }
        guard grammar.isInteger else { return .double(try finite(text)) }
        return Int(text).map { .integer($0) } ?? .bigInteger(text)
    }

    private func finite(_ text: String) throws -> Double {
        guard let value = Double(text), value.isFinite else {
            throw failure(.invalidNumber, "\(text.prefix(40)) is beyond the range of doubles")
        }
        return value
    }
}
