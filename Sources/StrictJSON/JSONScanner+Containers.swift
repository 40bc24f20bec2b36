extension JSONScanner {
    /// Visits the chosen members of an object; all others are skipped.
    ///
    /// - Parameters:
    ///   - fields: the members to visit.
    ///   - visit: receives the field and the scanner in front of its value, of which it reads
    ///     one value or nothing.
    /// - Throws: ``JSONError`` if the next value is no object or broken; what `visit` throws.
    @inlinable
    public mutating func forEachMember<Field>(
        _ fields: JSONFields<Field>,
        _ visit: (Field, inout JSONScanner) throws -> Void
    ) throws {
        let cases = fields.cases
        try forEachMember(fields.table) { index, scanner in try visit(cases[index], &scanner) }
    }

    /// Visits the members of an object.
    /// - Parameter visit: receives the key and the scanner in front of its value, of which it
    ///   reads one value or nothing.
    /// - Throws: ``JSONError`` if the next value is no object or broken; what `visit` throws.
    public mutating func forEachMember(
        _ visit: (String, inout JSONScanner) throws -> Void
    ) throws {
        try beginObject()
        var isFirst = true
        while try nextKey(&isFirst) {
            let start = try nextOffset()
            try visit(frames.latestKey, &self)
            if offset == start { try skip() }
        }
    }

    /// Visits the elements of an array.
    /// - Parameter visit: receives the scanner in front of an element, of which it reads one
    ///   value or nothing.
    /// - Throws: ``JSONError`` if the next value is no array or broken; what `visit` throws.
    public mutating func forEachElement(_ visit: (inout JSONScanner) throws -> Void) throws {
        try expect(.array)
        try beginArray()
        var isFirst = true
        while try nextElement(&isFirst) {
            let start = try nextOffset()
            try visit(&self)
            if offset == start { try skip() }
        }
    }

    /// Visits the elements of the array that stands at `path`; the rest is skipped.
    /// - Parameters:
    ///   - path: the keys that lead from the next value to the array; may be empty.
    ///   - visit: as in ``forEachElement(_:)``.
    /// - Throws: ``JSONError`` if there is no array at `path` or the text is broken; what `visit`
    ///   throws.
    public mutating func forEachElement(
        at path: [String],
        _ visit: (inout JSONScanner) throws -> Void
    ) throws {
        guard let key = path.first else { return try forEachElement(visit) }
        try beginObject()
        var isFirst = true
        var isFound = false
        while try nextKey(&isFirst) {
            if frames.latestKey.utf8.elementsEqual(key.utf8) {
                isFound = true
                try forEachElement(at: Array(path.dropFirst()), visit)
            } else {
                try skip()
            }
        }
        guard isFound else { throw failure(.missing, "no \"\(key)\" in this object") }
    }

    /// Skips the next value, checking it.
    /// - Throws: ``JSONError`` if it is broken.
    public mutating func skip() throws {
        switch try nextByte() {
        case ASCII.quote: try skipString()
        case ASCII.openBrace:
            try beginObject()
            var isFirst = true
            while try nextKey(&isFirst) { try skip() }
        case ASCII.openBracket:
            try beginArray()
            var isFirst = true
            while try nextElement(&isFirst) { try skip() }
        case ASCII.minus, ASCII.zero...ASCII.nine: _ = try takeNumber()
        case UInt8(ascii: "t"): try takeLiteral("true")
        case UInt8(ascii: "f"): try takeLiteral("false")
        case UInt8(ascii: "n"): try takeLiteral("null")
        case let byte: throw noValue(byte)
        }
    }
}

extension JSONScanner {
    /// Visits the members that are in `table`, by their place there.
    @usableFromInline
    mutating func forEachMember(
        _ table: FieldTable,
        _ visit: (Int, inout JSONScanner) throws -> Void
    ) throws {
        try beginObject()
        var isFirst = true
        var guess = 0  // most records have their keys in one order
        while try nextKey(&isFirst) {
            guard let index = frames.indexOfLatestKey(in: table, guess: guess) else {
                try skip()
                continue
            }
            guess = index + 1
            let start = try nextOffset()
            try visit(index, &self)
            if offset == start { try skip() }
        }
    }

    mutating func beginObject() throws {
        try expect(.object)
        try push(isObject: true)
        window.advance()
    }

    mutating func beginArray() throws {
        try push(isObject: false)
        window.advance()
    }

    /// Moves in front of the next member's value; false, and out of the object, at its end.
    @inline(__always)
    mutating func nextKey(_ isFirst: inout Bool) throws -> Bool {
        guard try nextItem(&isFirst, closing: ASCII.closeBrace) else { return false }
        let byte = window.current
        guard byte == ASCII.quote else {
            if byte == 0, window.isAtEnd { throw noValue(byte) }
            throw failure(.syntax, "expected a key in double quotes, got \(described(byte))")
        }
        try takeKey()
        let colon = try nextByte()
        guard colon == ASCII.colon else {
            if colon == 0, window.isAtEnd { throw noValue(colon) }
            throw failure(.syntax, "expected ':' after a key, got \(described(colon))")
        }
        window.advance()
        return true
    }

    /// Moves in front of the next element; false, and out of the array, at its end.
    @inline(__always)
    mutating func nextElement(_ isFirst: inout Bool) throws -> Bool {
        guard try nextItem(&isFirst, closing: ASCII.closeBracket) else { return false }
        frames.countElement()
        return true
    }

    @inline(__always)
    private mutating func nextItem(_ isFirst: inout Bool, closing: UInt8) throws -> Bool {
        let byte = try nextByte()
        if byte == closing {
            window.advance()
            frames.pop()
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == ASCII.comma else {
            if byte == 0, window.isAtEnd { throw noValue(byte) }
            throw failure(
                .syntax,
                "expected ',' or '\(Unicode.Scalar(closing))', got \(described(byte))"
            )
        }
        window.advance()
        let next = try nextByte()
        guard next != closing else {
            throw failure(.syntax, "a comma before '\(Unicode.Scalar(closing))' is not allowed")
        }
        return true
    }
}
