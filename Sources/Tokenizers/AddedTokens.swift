/// Finds added tokens: leftmost, of several at one place the longest, literally.
///
/// As the tokenizers library does it, with one restriction: a match lies inside one run of markup,
/// and the whitespace that a token takes along ends there too.
struct AddedTokens: Sendable {
    /// A part of a split text.
    enum Part: Equatable {
        case token(Int32)
        case rest(Range<Int>)
    }

    private struct Pattern {
        let bytes: [UInt8]
        let token: AddedToken
    }

    /// Patterns by first byte, the longest first.
    private var patterns: [[Pattern]] = Array(repeating: [], count: 256)
    private(set) var isEmpty = true

    /// - Parameters:
    ///   - tokens: the tokens to look for.
    ///   - form: the bytes to look for in place of a token's text; a token without any is never
    ///     found.
    init(_ tokens: [AddedToken], form: (AddedToken) -> [UInt8]) {
        for token in tokens {
            let bytes = form(token)
            guard let first = bytes.first else { continue }
            patterns[Int(first)].append(Pattern(bytes: bytes, token: token))
            isEmpty = false
        }
        for byte in patterns.indices {
            patterns[byte].sort { $0.bytes.count > $1.bytes.count }
        }
    }

    /// The text as tokens and what lies between them; no rest is empty.
    func split(_ text: MarkedText) -> [Part] {
        var parts: [Part] = []
        var start = 0
        for run in isEmpty ? [] : text.markup {
            var index = run.lowerBound
            while index < run.upperBound {
                guard let pattern = match(text.bytes, at: index, until: run.upperBound) else {
                    index += 1
                    continue
                }
                let found = index..<index + pattern.bytes.count
                index = found.upperBound
                if pattern.token.isSingleWord, !text.bytes.isWord(found) { continue }
                let taken = stripped(found, pattern.token, text.bytes, in: run)
                let left = max(taken.lowerBound, start)
                if start < left { parts.append(.rest(start..<left)) }
                parts.append(.token(pattern.token.id))
                start = max(taken.upperBound, start)
            }
        }
        if start < text.bytes.count { parts.append(.rest(start..<text.bytes.count)) }
        return parts
    }

    private func match(_ bytes: [UInt8], at index: Int, until end: Int) -> Pattern? {
        patterns[Int(bytes[index])].first { pattern in
            pattern.bytes.count <= end - index
                && bytes[index..<index + pattern.bytes.count].elementsEqual(pattern.bytes)
        }
    }

    private func stripped(
        _ found: Range<Int>,
        _ token: AddedToken,
        _ bytes: [UInt8],
        in run: Range<Int>
    ) -> Range<Int> {
        var (start, end) = (found.lowerBound, found.upperBound)
        while token.stripsLeft, let scalar = bytes.scalar(before: start),
            scalar.properties.isWhitespace, start - scalar.utf8.count >= run.lowerBound
        {
            start -= scalar.utf8.count
        }
        while token.stripsRight, let scalar = bytes.scalar(at: end),
            scalar.properties.isWhitespace, end + scalar.utf8.count <= run.upperBound
        {
            end += scalar.utf8.count
        }
        return start..<end
    }
}

extension [UInt8] {
    /// True if no word character touches the range from outside.
    fileprivate func isWord(_ range: Range<Int>) -> Bool {
        let before = scalar(before: range.lowerBound)?.isWordCharacter ?? false
        let behind = scalar(at: range.upperBound)?.isWordCharacter ?? false
        return !before && !behind
    }

    /// The scalar that starts at `index` in UTF-8; nil at the end.
    func scalar(at index: Int) -> Unicode.Scalar? {
        guard index < count else { return nil }
        let end = Swift.min(count, index + 4)
        return String(decoding: self[index..<end], as: UTF8.self).unicodeScalars.first
    }

    /// The scalar that ends before `index` in UTF-8; nil at the start.
    func scalar(before index: Int) -> Unicode.Scalar? {
        guard index > 0 else { return nil }
        var start = index - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return String(decoding: self[start..<index], as: UTF8.self).unicodeScalars.first
    }
}

extension Unicode.Scalar {
    /// What `\w` means to the tokenizers library: letters, marks, decimal digits, connectors and
    /// joiners.
    fileprivate var isWordCharacter: Bool {
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber,
            .connectorPunctuation:
            return true
        default: return false
        }
    }
}
