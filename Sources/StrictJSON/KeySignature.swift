/// Sixteen bytes and the length of a key: equal signatures of at most 16 bytes are equal keys.
struct KeySignature: Equatable, BitwiseCopyable, Sendable {
    let count: Int
    private let first: UInt64
    private let last: UInt64

    /// - Parameters:
    ///   - count: the length of the key.
    ///   - first: the first eight bytes, little-endian; all bytes if there are fewer, then zeroes.
    ///   - last: the last eight bytes; 0 if there are fewer than eight.
    init(count: Int, first: UInt64, last: UInt64) {
        self.count = count
        self.first = first
        self.last = last
    }

    init(_ bytes: [UInt8]) {
        count = bytes.count
        first = Self.word(bytes.prefix(8))
        last = bytes.count < 8 ? 0 : Self.word(bytes.suffix(8))
    }

    /// True if two keys of this signature can differ.
    var isAmbiguous: Bool { count > 16 }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
