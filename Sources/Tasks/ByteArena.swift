/// Texts and small numbers packed one behind the other: a few bytes of overhead each.
struct ByteArena: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Where the next value will start.
    var end: Int { bytes.count }

    /// Appends a byte.
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends a number in groups of seven bits, the lowest first.
    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends a text with its length.
    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

/// Reads values of an arena in the order in which they were appended.
struct ByteArenaReader {
    private let bytes: [UInt8]
    private var position: Int

    init(_ arena: ByteArena, at position: Int) {
        bytes = arena.bytes
        self.position = position
    }

    mutating func byte() -> UInt8 {
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func text() -> String {
        let count = Int(number())
        defer { position += count }
        return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
    }
}

/// Gives each distinct text a small number, 1 for the first; texts are told apart by their bytes.
struct TextNumbers: Sendable {
    private struct Key: Hashable {
        let text: String

        static func == (left: Key, right: Key) -> Bool {
            left.text.utf8.elementsEqual(right.text.utf8)
        }

        // Canonically equal texts only share a bucket.
        func hash(into hasher: inout Hasher) { hasher.combine(text) }
    }

    private var numbers: [Key: UInt32] = [:]
    private var texts: [String] = []
    /// The first few texts as far as they are ASCII: most that come are one of these.
    private var common: [(text: String, byteCount: Int, number: UInt32)] = []

    /// The number of a text.
    mutating func number(of text: String) -> UInt32 {
        // Canonically equal texts of as many bytes, one of them ASCII, have the same bytes.
        for known in common where known.byteCount == text.utf8.count && known.text == text {
            return known.number
        }
        if let number = numbers[Key(text: text)] { return number }
        texts.append(text)
        let number = UInt32(texts.count)
        numbers[Key(text: text)] = number
        if number <= 4, text.utf8.allSatisfy({ $0 < 0x80 }) {
            common.append((text, text.utf8.count, number))
        }
        return number
    }

    /// The text of a number; nil for 0.
    func text(_ number: UInt32) -> String? { number == 0 ? nil : texts[Int(number) - 1] }
}
