/// Byte-pair encoding with byte fallback: a word's scalars are merged pair by pair, the pair of
/// lowest rank first, of equal ranks the leftmost.
struct BPEModel: Sendable {
    private let merges: MergeTable
    private let scalars: ScalarTable
    /// The ids of `<0x00>`…`<0xFF>`; nil where a byte has no piece.
    private let byteIDs: [Int32?]
    private let unknownID: Int32?
    private let fusesUnknown: Bool
    /// Words that are pieces are taken whole; empty unless the file says `ignore_merges`.
    private let wholeWords: [[UInt8]: Int32]

    init(
        merges: MergeTable,
        scalars: ScalarTable,
        byteIDs: [Int32?],
        unknownID: Int32?,
        fusesUnknown: Bool,
        wholeWords: [[UInt8]: Int32]
    ) {
        self.merges = merges
        self.scalars = scalars
        self.byteIDs = byteIDs
        self.unknownID = unknownID
        self.fusesUnknown = fusesUnknown
        self.wholeWords = wholeWords
    }

    /// Appends the ids of a word, in O(n log n) of its length.
    func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int32]) {
        if !wholeWords.isEmpty, let id = wholeWords[Array(word)] {
            ids.append(id)
            return
        }
        var merger = Merger(symbols(of: word), merges)
        merger.run()
        merger.append(to: &ids)
    }

    /// The word's scalars as ids.
    ///
    /// A scalar without piece becomes its bytes; if one of those has no piece either it is
    /// unknown, and unknown scalars in a row may count as one.
    private func symbols(of word: ArraySlice<UInt8>) -> [Int32] {
        var symbols: [Int32] = []
        symbols.reserveCapacity(word.count)
        var isUnknownPending = false
        var index = word.startIndex
        while index < word.endIndex {
            let length = Self.scalarLength(word[index])
            let end = index + length
            defer { index = end }
            if let id = scalars.id(word, index, length) {
                if isUnknownPending, let unknownID { symbols.append(unknownID) }
                isUnknownPending = false
                symbols.append(id)
            } else if word[index..<end].allSatisfy({ byteIDs[Int($0)] != nil }) {
                // The tokenizers library holds a pending unknown back behind these bytes.
                symbols += word[index..<end].compactMap { byteIDs[Int($0)] }
            } else {
                if isUnknownPending, !fusesUnknown, let unknownID { symbols.append(unknownID) }
                isUnknownPending = true
            }
        }
        if isUnknownPending, let unknownID { symbols.append(unknownID) }
        return symbols
    }

    private static func scalarLength(_ first: UInt8) -> Int {
        switch first {
        case ..<0x80: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}

/// The ids of pieces that are one scalar.
struct ScalarTable: Sendable {
    private var ascii: [Int32] = Array(repeating: -1, count: 128)
    private var others: [UInt32: Int32] = [:]

    /// Notes a piece; ignored unless it is one scalar.
    mutating func insert(_ piece: [UInt8], _ id: Int32) {
        guard let first = piece.first, piece.count <= 4,
            String(decoding: piece, as: UTF8.self).unicodeScalars.count == 1
        else { return }
        if first < 0x80 {
            ascii[Int(first)] = id
        } else {
            others[Self.key(piece[...], 0, piece.count)] = id
        }
    }

    func id(_ bytes: ArraySlice<UInt8>, _ index: Int, _ length: Int) -> Int32? {
        guard length > 1 else {
            let id = ascii[Int(bytes[index])]
            return id < 0 ? nil : id
        }
        return others[Self.key(bytes, index, length)]
    }

    private static func key(_ bytes: ArraySlice<UInt8>, _ index: Int, _ length: Int) -> UInt32 {
        (index..<index + length).reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
    }
}
