/// Turns pieces back into text.
struct Decoder: Sendable {
    /// One change to the list of pieces.
    enum Step: Sendable, Equatable {
        /// Replaces every occurrence in each piece.
        case replace([UInt8], by: [UInt8])
        /// Joins runs of `<0xXX>` into text; a run that is no UTF-8 becomes one U+FFFD per byte.
        case byteFallback
        /// Joins all pieces into one.
        case fuse
        /// Cuts up to so many of a character off the ends of each piece.
        case strip([UInt8], start: Int, stop: Int)
        /// Turns the replacement into spaces, in the first piece into nothing if `dropsFirst`.
        case metaspace(replacement: [UInt8], dropsFirst: Bool)
        /// Puts a space between pieces: what a file without decoder asks for.
        case joinWithSpaces
    }

    let steps: [Step]

    func text(_ pieces: [[UInt8]]) -> [UInt8] {
        Array(steps.reduce(pieces) { Self.apply($1, $0) }.joined())
    }

    private static func apply(_ step: Step, _ pieces: [[UInt8]]) -> [[UInt8]] {
        switch step {
        case .replace(let pattern, let content):
            pieces.map { $0.replacing(pattern, with: content) }
        case .byteFallback: joinBytes(pieces)
        case .fuse: [Array(pieces.joined())]
        case .strip(let character, let start, let stop):
            pieces.map { strip($0, character, start, stop) }
        case .metaspace(let replacement, let dropsFirst):
            pieces.enumerated().map { index, piece in
                let isDropped = index == 0 && dropsFirst
                return piece.replacing(replacement, with: isDropped ? [] : Array(" ".utf8))
            }
        case .joinWithSpaces: [Array(pieces.joined(separator: " ".utf8))]
        }
    }

    private static func joinBytes(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var run: [UInt8] = []
        func flush() {
            guard !run.isEmpty else { return }
            let replacement = Array("\u{FFFD}".utf8)
            result +=
                String(validating: run, as: UTF8.self) != nil
                ? [run] : Array(repeating: replacement, count: run.count)
            run = []
        }
        for piece in pieces {
            if let byte = byte(of: piece) {
                run.append(byte)
            } else {
                flush()
                result.append(piece)
            }
        }
        flush()
        return result
    }

    /// The byte that a piece like `<0x0A>` stands for.
    static func byte(of piece: [UInt8]) -> UInt8? {
        guard piece.count == 6, piece.starts(with: "<0x".utf8), piece[5] == UInt8(ascii: ">")
        else { return nil }
        let digits = String(decoding: piece[3...4], as: UTF8.self)
        return digits.utf8.first == UInt8(ascii: "+") ? nil : UInt8(digits, radix: 16)
    }

    private static func strip(
        _ piece: [UInt8],
        _ character: [UInt8],
        _ start: Int,
        _ stop: Int
    ) -> [UInt8] {
        var rest = piece[...]
        for _ in 0..<start where rest.starts(with: character) { rest.removeFirst(character.count) }
        for _ in 0..<stop where rest.suffix(character.count).elementsEqual(character) {
            rest.removeLast(character.count)
        }
        return Array(rest)
    }
}

extension [UInt8] {
    /// The bytes with every occurrence of `pattern`, from the left, replaced.
    fileprivate func replacing(_ pattern: [UInt8], with content: [UInt8]) -> [UInt8] {
        guard let first = pattern.first, contains(first) else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < count {
            let end = index + pattern.count
            if self[index] == first, end <= count, self[index..<end].elementsEqual(pattern) {
                result += content
                index = end
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
