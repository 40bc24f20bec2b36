/// Cuts what lies between added tokens into the words that are merged.
enum PreTokenizer: Sendable, Equatable {
    /// When the replacement character is put in front of a text.
    enum PrependScheme: String, Sendable, CaseIterable {
        /// In front of the text at the very start only.
        case first
        /// In front of every text between added tokens.
        case always
        /// Never.
        case never
    }

    /// The text is one word.
    case whole
    /// Spaces become `replacement`; with `splits`, each one starts a word.
    case metaspace(replacement: [UInt8], scheme: PrependScheme, splits: Bool)

    /// The words of a text.
    /// - Parameters:
    ///   - bytes: normalised text, not empty.
    ///   - isAtStart: true if the whole input starts with it.
    /// - Returns: at least one word.
    func words(_ bytes: ArraySlice<UInt8>, isAtStart: Bool) -> [ArraySlice<UInt8>] {
        guard case .metaspace(let replacement, let scheme, let splits) = self else {
            return [bytes]
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        for byte in bytes {
            if byte == UInt8(ascii: " ") { text += replacement } else { text.append(byte) }
        }
        let isWanted = scheme == .always || (scheme == .first && isAtStart)
        if isWanted, !text.starts(with: replacement) { text = replacement + text }
        return splits ? Self.split(text, before: replacement) : [text[...]]
    }

    private static func split(
        _ text: [UInt8],
        before mark: [UInt8]
    ) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var start = 0
        for index in text.indices.dropFirst() where text[index...].starts(with: mark) {
            words.append(text[start..<index])
            start = index
        }
        words.append(text[start...])
        return words
    }
}
