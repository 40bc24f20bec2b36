extension JSONScanner {
    /// Reads a string.
    /// - Returns: its text; compare it by scalars or bytes, not as Characters.
    /// - Throws: ``JSONError`` if the next value is something else or broken.
    public mutating func string() throws -> String {
        try expect(.string)
        return try takeString()
    }

    /// Reads a string or null.
    /// - Returns: its text, nil for null.
    /// - Throws: ``JSONError`` if the next value is something else or broken.
    public mutating func optionalString() throws -> String? {
        try takeNull() ? nil : try string()
    }

    /// Reads a string without making a `String` of it.
    /// - Parameter target: receives the text's bytes, which are UTF-8, behind what it holds.
    /// - Throws: ``JSONError`` if the next value is something else or broken; `target` then holds
    ///   what it held before.
    public mutating func appendString(to target: inout [UInt8]) throws {
        try expect(.string)
        window.advance()
        if try !scanString(keeping: true) { target.append(contentsOf: scratch) }
        window.appendMarked(to: &target)
        window.clearMark()
        window.advance()
    }

    /// Reads the string whose opening quote is next.
    mutating func takeString() throws -> String {
        window.advance()
        let isPlain = try scanString(keeping: true)
        let text: String
        if isPlain {
            text = window.markedText
        } else {
            window.appendMarked(to: &scratch)
            text = String(decoding: scratch, as: UTF8.self)
        }
        window.clearMark()
        window.advance()
        return text
    }

    mutating func skipString() throws {
        window.advance()
        _ = try scanString(keeping: false)
        window.advance()
    }

    /// Reads the key whose opening quote is next and notes it.
    mutating func takeKey() throws {
        let start = window.offset
        window.advance()
        let isNew: Bool
        if try scanString(keeping: true) {
            isNew = frames.insert(window.markedSignature) { window.appendMarked(to: &$0) }
        } else {
            window.appendMarked(to: &scratch)
            isNew = frames.insert(KeySignature(scratch)) { $0.append(scratch) }
        }
        window.clearMark()
        window.advance()
        let length = window.offset - start
        if !isNew {
            throw failure(.duplicateKey, "this key stands twice in its object", back: length)
        }
        if frames.keyCount > Self.keyLimit {
            throw failure(.tooLarge, "an object has more than \(Self.keyLimit) keys")
        }
    }

    /// Moves to the closing quote.
    ///
    /// Kept text stands between the window's mark and the quote, behind what `scratch` holds.
    /// - Returns: true if there were no escapes, so that `scratch` plays no part.
    private mutating func scanString(keeping: Bool) throws -> Bool {
        var isPlain = true
        if keeping { window.setMark() }
        while true {
            switch window.skipPlainText() {
            case ASCII.quote: return isPlain
            case ASCII.backslash:
                if keeping {
                    if isPlain { scratch.removeAll(keepingCapacity: true) }
                    window.appendMarked(to: &scratch)
                    window.clearMark()
                }
                isPlain = false
                let scalar = try takeEscape()
                if keeping {
                    scratch.append(contentsOf: scalar.utf8)
                    window.setMark()
                }
            case 0x80...: try skipMultibyte()
            case let byte:
                let kept = keeping ? window.markedCount + (isPlain ? 0 : scratch.count) : 0
                try continueString(byte, kept: kept)
            }
        }
    }

    private mutating func skipMultibyte() throws {
        try window.ensure(4)
        let length = window.multibyteLength
        guard length > 0 else {
            throw failure(.invalidUTF8, "invalid UTF-8: \(described(window.current))")
        }
        window.advance(by: length)
    }

    /// Takes the next chunk in the middle of a string, or reports the byte that may not be there.
    private mutating func continueString(_ byte: UInt8, kept: Int) throws {
        guard byte == 0, window.isAtEnd else {
            throw failure(
                .syntax,
                "a control character in a string must be escaped, got \(described(byte))"
            )
        }
        if kept > Self.stringLimit {
            throw failure(.tooLarge, "a string is longer than \(Self.stringLimit) bytes")
        }
        guard try window.refill() else {
            throw cutString()
        }
    }

    private func cutString() -> JSONError {
        failure(.truncated, "the text ends inside a string")
    }

    private mutating func takeEscape() throws -> Unicode.Scalar {
        try window.ensure(6)
        window.advance()
        let byte = window.current
        switch byte {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"):
            window.advance()
            return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return takeControl("\u{8}")
        case UInt8(ascii: "f"): return takeControl("\u{C}")
        case UInt8(ascii: "n"): return takeControl("\n")
        case UInt8(ascii: "r"): return takeControl("\r")
        case UInt8(ascii: "t"): return takeControl("\t")
        case UInt8(ascii: "u"):
            window.advance()
            return try takeCodePoint()
        case 0 where window.isAtEnd: throw cutString()
        default: throw failure(.syntax, "no escape is written \\ and \(described(byte))")
        }
    }

    private mutating func takeControl(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        window.advance()
        return scalar
    }

    private mutating func takeCodePoint() throws -> Unicode.Scalar {
        let first = try takeHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        try window.ensure(6)
        let isEscape = window.head.0 == ASCII.backslash
        let isPair = isEscape && window.head.1 == UInt8(ascii: "u")
        if window.remaining == (isEscape ? 1 : 0) { throw cutString() }
        if first < 0xDC00, isPair {
            window.advance(by: 2)
            let second = try takeHexDigits()
            let joined = 0x10000 + (first - 0xD800) << 10 + second &- 0xDC00
            if 0xDC00..<0xE000 ~= second, let scalar = Unicode.Scalar(joined) { return scalar }
        }
        throw failure(.syntax, "half a surrogate pair, \\u\(String(first, radix: 16)), is no text")
    }

    private mutating func takeHexDigits() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = ASCII.hexDigit(window.current) else {
                if window.isAtEnd { throw cutString() }
                throw failure(
                    .syntax,
                    "\\u needs four hexadecimal digits, got \(described(window.current))"
                )
            }
            value = value << 4 | digit
            window.advance()
        }
        return value
    }
}
