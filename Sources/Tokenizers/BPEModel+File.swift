import StrictJSON

extension BPEModel {
    /// Reads the `model` of a `tokenizer.json`.
    ///
    /// Merging never yields a special token, whatever the file says: only markup does.
    init(_ field: JSONField, _ vocabulary: Vocabulary, _ addedTokens: [AddedToken]) throws {
        try Self.refuseOthers(field)
        let special = Set(addedTokens.filter(\.isSpecial).map(\.id))
        var scalars = ScalarTable()
        var wholeWords: [[UInt8]: Int32] = [:]
        let takesWholeWords = try field["ignore_merges"].optional?.boolean() ?? false
        for (piece, id) in vocabulary.ids where !special.contains(id) {
            scalars.insert(piece, id)
            if takesWholeWords { wholeWords[piece] = id }
        }
        let unknownID = try Self.unknownID(field["unk_token"], vocabulary)
        let byteIDs = try Self.byteIDs(field["byte_fallback"], vocabulary)
        if unknownID == nil, byteIDs.contains(nil) {
            throw try field["unk_token"].failure(
                "is missing, and not every byte has a piece: some texts could not be encoded"
            )
        }
        self.init(
            merges: try MergeTable(field["merges"], vocabulary, excluding: special),
            scalars: scalars,
            byteIDs: byteIDs,
            unknownID: unknownID,
            fusesUnknown: try field["fuse_unk"].optional?.boolean() ?? false,
            wholeWords: wholeWords
        )
    }

    private static func refuseOthers(_ field: JSONField) throws {
        if let type = try field["type"].optional, try type.string() != "BPE" {
            throw type.unexpected("the model BPE")
        }
        if let dropout = try field["dropout"].optional, try dropout.double() != 0 {
            throw dropout.unexpected("null or 0: other values encode at random")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = try field[key].optional, try !affix.string().isEmpty {
                throw affix.unexpected("null or \"\": only LLaMA-style pieces are read")
            }
        }
    }

    private static func unknownID(_ field: JSONField, _ vocabulary: Vocabulary) throws -> Int32? {
        guard let field = field.optional else { return nil }
        guard let id = vocabulary.id(try field.string()) else {
            throw field.unexpected("a piece of the vocabulary")
        }
        return id
    }

    private static func byteIDs(_ field: JSONField, _ vocabulary: Vocabulary) throws -> [Int32?] {
        guard try field.optional?.boolean() ?? false else {
            return Array(repeating: nil, count: 256)
        }
        return (0..<256).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.id("<0x\(byte < 16 ? "0" : "")\(digits)>")
        }
    }
}

extension MergeTable {
    /// Reads merges in rank order, each `"left right"` or `["left", "right"]`.
    init(
        _ field: JSONField,
        _ vocabulary: Vocabulary,
        excluding special: Set<Int32>
    ) throws {
        guard case .array(let entries)? = field.value else { throw field.unexpected("an array") }
        self.init(minimumCapacity: entries.count)
        for (rank, entry) in entries.enumerated() {
            guard let (left, right) = Self.pair(entry) else {
                throw try field.array()[rank].unexpected("\"left right\" or [\"left\", \"right\"]")
            }
            guard let leftID = vocabulary.ids[left], let rightID = vocabulary.ids[right],
                let merged = vocabulary.ids[left + right]
            else {
                throw try field.array()[rank].failure(
                    "merges pieces into one that the vocabulary lacks, or lacks themselves"
                )
            }
            if special.contains(merged) { continue }
            insert(leftID, rightID, rank: UInt32(rank), merged: merged)
        }
    }

    private static func pair(_ entry: JSONValue) -> (left: [UInt8], right: [UInt8])? {
        switch entry {
        case .string(let text):
            let parts = text.utf8.split(
                separator: UInt8(ascii: " "),
                omittingEmptySubsequences: false
            )
            return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
        case .array(let parts):
            guard parts.count == 2, case .string(let left) = parts[0],
                case .string(let right) = parts[1]
            else { return nil }
            return (Array(left.utf8), Array(right.utf8))
        default: return nil
        }
    }
}
