import InputFiles
import StrictJSON

/// CLIP's tokenizer as its `tokenizer.json` describes it: byte-pair encoding of lower-case words,
/// over letters that stand for bytes, the last of a word marked with `</w>`.
///
/// Gives what the Hugging Face tokenizers library gives with `add_special_tokens=True` and
/// truncation. Added tokens are never looked for in a text: it is data. Which scalars are letters
/// is for this program's Unicode tables to say: U+088F, U+0C5C and U+0CDC, new in Unicode 17, are
/// letters here and not yet in tokenizers 0.22.
public struct ClipTokenizer: Sendable {
    /// One more than the highest id.
    public let tokenCount: Int
    /// `<|startoftext|>`.
    public let startToken: Int32
    /// `<|endoftext|>`.
    public let endToken: Int32

    private let merges: MergeTable
    /// The id of each byte inside a word.
    private let inner: [Int32]
    /// The id of each byte at the end of a word.
    private let last: [Int32]

    /// Reads a tokenizer.
    /// - Parameter path: a `tokenizer.json`.
    /// - Throws: `InputFileError` if the file cannot be read, `JSONError` if it is not JSON or
    ///   describes something that this type does not do.
    public init(path: String) throws {
        try self.init(InputFile(path).contents(limit: TokenizerFile.sizeLimit), source: path)
    }

    /// Reads a tokenizer from memory.
    /// - Parameters:
    ///   - bytes: the content of a `tokenizer.json`.
    ///   - source: its name, for errors.
    /// - Throws: `JSONError` if it is not JSON or describes something that this type does not do.
    public init(_ bytes: [UInt8], source: String) throws {
        let root = try JSONDocument(bytes, source: source).root
        try Self.requireSteps(root)
        let model = try root["model"]
        var vocabulary = try Vocabulary(model["vocab"])
        for token in try root["added_tokens"].array() {
            _ = try vocabulary.add(try token["content"].string(), token["id"])
        }
        startToken = try Self.id("<|startoftext|>", vocabulary, root)
        endToken = try Self.id("<|endoftext|>", vocabulary, root)
        let unknown = try model["unk_token"].optional.flatMap { vocabulary.id(try $0.string()) }
        let suffix = try model["end_of_word_suffix"].string()
        (inner, last) = try (
            Self.byteIDs("", vocabulary, unknown, model),
            Self.byteIDs(suffix, vocabulary, unknown, model)
        )
        merges = try MergeTable(model["merges"], vocabulary, excluding: [startToken, endToken])
        tokenCount = vocabulary.pieces.count
    }

    /// The ids of a text, start and end token around them.
    /// - Parameters:
    ///   - text: any text.
    ///   - limit: the most ids, at least 2; what is too long loses its end, not the end token.
    /// - Returns: 2…`limit` ids.
    /// - Precondition: the limit is at least 2.
    public func encode(_ text: String, limit: Int) -> [Int32] {
        precondition(limit >= 2, "text of at most \(limit) tokens")
        var ids = [startToken]
        for word in ClipWords(text).words where ids.count < limit {
            var symbols = word.map { inner[Int($0)] }
            symbols[symbols.count - 1] = last[Int(word[word.count - 1])]
            var merger = Merger(symbols, merges)
            merger.run()
            merger.append(to: &ids)
        }
        return Array(ids.prefix(limit - 1)) + [endToken]
    }
}

// MARK: - The file

extension ClipTokenizer {
    /// Refuses a file whose steps are not CLIP's: other steps would make other ids.
    private static func requireSteps(_ root: JSONField) throws {
        let normalizers = try root["normalizer"]["normalizers"].array()
        let names = try normalizers.map { try $0["type"].string() }
        guard names == ["NFC", "Replace", "Lowercase"],
            try normalizers[1]["pattern"]["Regex"].string() == #"\s+"#,
            try normalizers[1]["content"].string() == " "
        else {
            throw try root["normalizer"].failure("expected CLIP's: NFC, Replace \\s+, Lowercase")
        }
        let splits = try root["pre_tokenizer"]["pretokenizers"].array()
        guard try splits.map({ try $0["type"].string() }) == ["Split", "ByteLevel"],
            try splits[0]["pattern"]["Regex"].string() == expression,
            try splits[0]["invert"].boolean()
        else {
            throw try root["pre_tokenizer"].failure(
                "expected CLIP's: Split \(expression), ByteLevel"
            )
        }
        let model = try root["model"]
        guard try model["type"].string() == "BPE" else {
            throw try model["type"].unexpected("the model BPE")
        }
        guard try model["end_of_word_suffix"].string() == "</w>" else {
            throw try model["end_of_word_suffix"].unexpected("\"</w>\"")
        }
    }

    private static let expression =
        #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#

    private static func id(
        _ token: String,
        _ vocabulary: Vocabulary,
        _ root: JSONField
    ) throws -> Int32 {
        guard let id = vocabulary.id(token) else {
            throw try root["added_tokens"].failure("expected \(token), which stands around texts")
        }
        return id
    }

    private static func byteIDs(
        _ suffix: String,
        _ vocabulary: Vocabulary,
        _ unknown: Int32?,
        _ model: JSONField
    ) throws -> [Int32] {
        try byteLetters.map { letter in
            guard let id = vocabulary.id(String(letter) + suffix) ?? unknown else {
                throw try model["vocab"].failure(
                    "lacks \(letter)\(suffix), and there is no unk_token"
                )
            }
            return id
        }
    }

    /// The letters that stand for bytes, as in GPT-2: printable ones for themselves, the others from
    /// U+0100 on.
    private static let byteLetters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) in
            let isPrintable = 33...126 ~= byte || 161...172 ~= byte || 174...255 ~= byte
            let value = isPrintable ? byte : next
            if !isPrintable { next += 1 }
            return Unicode.Scalar(value) ?? " "
        }
    }()
}
