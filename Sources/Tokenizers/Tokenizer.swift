import InputFiles
import StrictJSON

/// A LLaMA-style tokenizer as its `tokenizer.json` describes it: byte-pair encoding over whole
/// texts, with byte fallback.
///
/// Gives what the Hugging Face tokenizers library gives with `add_special_tokens=False`, in the
/// flavours that occur: a `▁` in front of every text between added tokens (`Prepend`), or only at
/// the very start (`Metaspace`), or added tokens that are looked for after normalisation. In
/// contrast to the library, added tokens are found in markup only; data that spells one is
/// ordinary text. Between two added tokens markup and text are encoded as one word, so merges
/// cross the seam as they do in the joined text.
public struct Tokenizer: Sendable {
    /// One more than the highest id: the base vocabulary and the added tokens.
    public let tokenCount: Int
    /// The added tokens, in the order of the file.
    public let addedTokens: [AddedToken]

    private let rawTokens: AddedTokens
    private let normalizer: Normalizer
    private let normalizedTokens: AddedTokens
    private let preTokenizer: PreTokenizer
    private let model: BPEModel
    private let decoder: Decoder
    /// Each id's bytes; nil for ids without a piece.
    private let pieces: [[UInt8]?]
    private let specialIDs: Set<Int32>

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
        let file = try TokenizerFile(JSONDocument(bytes, source: source).root)
        addedTokens = file.addedTokens
        normalizer = file.normalizer
        preTokenizer = file.preTokenizer
        model = file.model
        decoder = file.decoder
        pieces = file.pieces
        tokenCount = file.pieces.count
        specialIDs = Set(addedTokens.filter(\.isSpecial).map(\.id))
        rawTokens = AddedTokens(addedTokens.filter { !$0.isNormalized }) { Array($0.content.utf8) }
        normalizedTokens = AddedTokens(addedTokens.filter(\.isNormalized)) { [normalizer] token in
            normalizer.apply(Array(token.content.utf8))
        }
    }

    /// The ids of a text that comes in pieces; nothing is added to it.
    /// - Parameter pieces: markup and text in order.
    /// - Returns: token ids, each in `0..<tokenCount`.
    /// - Complexity: O(n log n) in the length of the text.
    public func encode(_ pieces: [TextPiece]) -> [Int32] {
        let text = MarkedText(pieces)
        var ids: [Int32] = []
        for part in rawTokens.split(text) {
            switch part {
            case .token(let id): ids.append(id)
            case .rest(let range):
                let normalized = normalizer.apply(text.slice(range))
                encode(normalized, isAtStart: range.lowerBound == 0, into: &ids)
            }
        }
        return ids
    }

    /// The ids of markup alone.
    /// - Parameter text: text in which added tokens are recognised.
    /// - Returns: token ids.
    public func encode(markup text: String) -> [Int32] { encode([.markup(text)]) }

    private func encode(_ text: MarkedText, isAtStart: Bool, into ids: inout [Int32]) {
        for part in normalizedTokens.split(text) {
            switch part {
            case .token(let id): ids.append(id)
            case .rest(let range):
                let words = preTokenizer.words(
                    text.bytes[range],
                    isAtStart: isAtStart && range.lowerBound == 0
                )
                for word in words { model.encode(word, into: &ids) }
            }
        }
    }

    /// The text of ids; ids without a piece give nothing, as in the reference.
    ///
    /// Decode a generated list whole: a piece's text depends on its neighbours (bytes of one
    /// character, the space at the start).
    /// - Parameters:
    ///   - ids: token ids.
    ///   - skippingSpecial: true to leave special tokens out before anything else.
    /// - Returns: the text.
    public func decode(_ ids: some Sequence<Int32>, skippingSpecial: Bool) -> String {
        String(decoding: decodeBytes(ids, skippingSpecial: skippingSpecial), as: UTF8.self)
    }

    /// The UTF-8 bytes of the text of ids.
    /// - Parameters:
    ///   - ids: token ids.
    ///   - skippingSpecial: true to leave special tokens out before anything else.
    /// - Returns: valid UTF-8.
    public func decodeBytes(_ ids: some Sequence<Int32>, skippingSpecial: Bool) -> [UInt8] {
        let kept = ids.lazy.filter { !(skippingSpecial && specialIDs.contains($0)) }
        return decoder.text(kept.compactMap(piece))
    }

    private func piece(_ id: Int32) -> [UInt8]? {
        pieces.indices.contains(Int(id)) ? pieces[Int(id)] : nil
    }

    /// True if decoding may leave the token out.
    /// - Parameter id: a token id.
    /// - Returns: true for added tokens that the file calls special.
    public func isSpecial(_ id: Int32) -> Bool { specialIDs.contains(id) }

    /// The id of an added token.
    /// - Parameter text: its exact text, such as `<image>`.
    /// - Returns: its id; nil if there is no such added token.
    public func id(ofAddedToken text: String) -> Int32? {
        addedTokens.first { $0.content.utf8.elementsEqual(text.utf8) }?.id
    }

    /// The piece of an id as the vocabulary writes it, such as `▁the`.
    /// - Parameter id: a token id.
    /// - Returns: the piece; nil if the id has none.
    public func piece(of id: Int32) -> String? {
        piece(id).map { String(decoding: $0, as: UTF8.self) }
    }
}
