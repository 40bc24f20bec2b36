/// A sliding window over a text that arrives in chunks.
///
/// The bytes held are followed by zeroes, and a zero never occurs in JSON, so inner loops stop
/// at the end of the window without comparing positions. What lies before `position` (or before
/// the mark, while one is set) is given up when the next chunk arrives.
@safe
struct ByteWindow: ~Copyable {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var origin = 0
    private var isExhausted = false
    private var mark = -1
    private let nextChunk: () throws -> [UInt8]?

    /// The next byte to read, as an index into the window.
    private(set) var position = 0
    /// The line of `position`, from 1.
    private(set) var line: Int
    private var lineStart = 0

    /// Zeroes behind the last byte: loops read eight bytes at a time.
    private static let padding = 16

    init(line: Int, nextChunk: @escaping () throws -> [UInt8]?) {
        self.line = line
        self.nextChunk = nextChunk
        capacity = 0
        unsafe bytes = .allocate(capacity: Self.padding)
        unsafe bytes.initialize(repeating: 0, count: Self.padding)
    }

    deinit { unsafe bytes.deallocate() }

    /// The byte at `position`; 0 at the end of the window.
    var current: UInt8 { unsafe bytes[position] }
    /// True if every byte of the window is read; another chunk may follow.
    var isAtEnd: Bool { position == count }
    /// How many bytes of the window are not read yet.
    var remaining: Int { count - position }
    /// The next three bytes; zeroes behind the end.
    var head: (UInt8, UInt8, UInt8) {
        unsafe (bytes[position], bytes[position + 1], bytes[position + 2])
    }
    /// The offset of `position` in the whole text.
    var offset: Int { origin + position }
    /// The column of `position` in bytes, from 1.
    var column: Int { offset - lineStart + 1 }
    /// The bytes between the mark and `position`.
    var markedCount: Int { position - mark }

    mutating func advance() { position += 1 }

    /// Keeps the bytes from here on until `clearMark`.
    mutating func setMark() { mark = position }
    mutating func clearMark() { mark = -1 }

    /// Appends the next chunk; false at the end of the text.
    mutating func refill() throws -> Bool {
        while !isExhausted {
            guard let chunk = try nextChunk() else {
                isExhausted = true
                return false
            }
            if chunk.isEmpty { continue }
            append(chunk)
            return true
        }
        return false
    }

    /// Makes `wanted` bytes readable from `position`, or all that are left.
    mutating func ensure(_ wanted: Int) throws {
        while remaining < wanted, try refill() {}
    }

    private mutating func append(_ chunk: [UInt8]) {
        let start = mark >= 0 ? mark : position
        let kept = count - start
        let needed = kept + chunk.count
        if needed > capacity {
            let grown = max(needed, 2 * kept)
            let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: grown + Self.padding)
            unsafe fresh.update(from: bytes + start, count: kept)
            unsafe bytes.deallocate()
            unsafe bytes = unsafe fresh
            capacity = grown
        } else {
            unsafe bytes.update(from: bytes + start, count: kept)
        }
        unsafe chunk.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe (bytes + kept).update(from: base, count: source.count)
        }
        unsafe (bytes + needed).update(repeating: 0, count: Self.padding)
        count = needed
        origin += start
        position -= start
        if mark >= 0 { mark = 0 }
    }

    /// Moves behind whitespace, counting lines, and returns the byte there (0 at the end).
    @inline(__always)
    mutating func skipWhitespace() -> UInt8 {
        let byte = unsafe bytes[position]
        if byte > 0x20 { return byte }
        let next = unsafe bytes[position + 1]
        guard byte == 0x20, next > 0x20 else { return skipSpaces() }
        position += 1  // a single space, as most writers put behind ',' and ':'
        return next
    }

    private mutating func skipSpaces() -> UInt8 {
        while true {
            let byte = unsafe bytes[position]
            if byte > 0x20 { return byte }
            switch byte {
            case 0x20, 0x09, 0x0D: position += 1
            case ASCII.lineFeed:
                position += 1
                line += 1
                lineStart = origin + position
            default: return byte
            }
        }
    }

    /// Moves to the first byte that is not plain ASCII string content and returns it: a quote, a
    /// backslash, a control byte, a byte ≥ 0x80, or 0 at the end.
    mutating func skipPlainText() -> UInt8 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var index = position
        while true {
            // Eight bytes at a time; the lowest flagged byte is exact, which is the one used.
            let word = unsafe UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
            let quotes = word ^ (ones &* UInt64(ASCII.quote))
            let slashes = word ^ (ones &* UInt64(ASCII.backslash))
            let control = (word &- ones &* 0x20) & ~word
            let special = ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
            let stops = (special | control | word) & tops
            if stops != 0 {
                position = index + UInt64(littleEndian: stops).trailingZeroBitCount >> 3
                return unsafe bytes[position]
            }
            index += 8
        }
    }

    /// The length of the UTF-8 sequence at `position`, 2…4; 0 if it is none.
    var multibyteLength: Int {
        let first = unsafe bytes[position]
        let second = unsafe bytes[position + 1]
        let isSecond: Bool
        let length: Int
        switch first {
        case 0xC2...0xDF: (length, isSecond) = (2, second & 0xC0 == 0x80)
        case 0xE0: (length, isSecond) = (3, 0xA0...0xBF ~= second)
        case 0xED: (length, isSecond) = (3, 0x80...0x9F ~= second)
        case 0xE1...0xEF: (length, isSecond) = (3, second & 0xC0 == 0x80)
        case 0xF0: (length, isSecond) = (4, 0x90...0xBF ~= second)
        case 0xF1...0xF3: (length, isSecond) = (4, second & 0xC0 == 0x80)
        case 0xF4: (length, isSecond) = (4, 0x80...0x8F ~= second)
        default: return 0
        }
        guard isSecond else { return 0 }
        for index in 2..<max(length, 2)
        where unsafe bytes[position + index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    mutating func advance(by distance: Int) { position += distance }

    /// Reads an integer of at most 18 digits that ends inside the window and is followed by
    /// neither digit, point nor exponent; nil, without moving, for every other text.
    mutating func takeShortInteger() -> Int? {
        var index = position
        let isNegative = unsafe bytes[index] == ASCII.minus
        if isNegative { index += 1 }
        let start = index
        var value = 0
        while true {
            let digit = unsafe bytes[index] &- ASCII.zero
            if digit > 9 { break }
            guard index - start < 18 else { return nil }
            value = value &* 10 &+ Int(digit)
            index += 1
        }
        guard index > start, index < count else { return nil }
        let stop = unsafe bytes[index]
        if stop == ASCII.point || stop | 0x20 == 0x65 { return nil }
        if unsafe bytes[start] == ASCII.zero, index > start + 1 { return nil }
        position = index
        return isNegative ? -value : value
    }

    /// The bytes from the mark to `position` as text; they are known to be UTF-8.
    var markedText: String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: bytes + mark, count: position - mark),
            as: UTF8.self
        )
    }

    /// Appends the bytes from the mark to `position`.
    @inline(__always)
    func appendMarked(to target: inout [UInt8]) {
        unsafe target.append(
            contentsOf: UnsafeBufferPointer(start: bytes + mark, count: position - mark)
        )
    }

    /// Appends the bytes from the mark to `position`.
    @inline(__always)
    func appendMarked(to target: inout Stack<UInt8>) {
        unsafe target.append(padded: bytes + mark, count: position - mark)
    }

    /// The signature of the bytes from the mark to `position`.
    @inline(__always)
    var markedSignature: KeySignature {
        let count = position - mark
        let start = unsafe UnsafeRawPointer(bytes + mark)
        let first = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
        guard count >= 8 else {
            let kept: UInt64 = 1 << (8 * UInt64(count)) - 1
            return KeySignature(count: count, first: first & kept, last: 0)
        }
        let last = unsafe start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        return KeySignature(count: count, first: first, last: UInt64(littleEndian: last))
    }
}
