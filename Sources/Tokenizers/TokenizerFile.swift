import StrictJSON

/// The stages that a tokenizer file describes.
///
/// What it asks for and this room does not do is an error, never left out: other token ids would
/// be other results.
struct TokenizerFile {
    let addedTokens: [AddedToken]
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let model: BPEModel
    let decoder: Decoder
    /// Each id's bytes, added tokens included; nil for ids without a piece.
    let pieces: [[UInt8]?]

    /// No tokenizer of the family is near it.
    static let sizeLimit = 256 << 20

    init(_ root: JSONField) throws {
        var vocabulary = try Vocabulary(root["model"]["vocab"])
        addedTokens = try Self.addedTokens(root["added_tokens"], &vocabulary)
        normalizer = Normalizer(steps: try Self.normalizerSteps(root["normalizer"]))
        preTokenizer = try Self.preTokenizer(root["pre_tokenizer"])
        model = try BPEModel(root["model"], vocabulary, addedTokens)
        decoder = Decoder(steps: try Self.decoderSteps(root["decoder"]))
        pieces = vocabulary.pieces
    }

    private static func addedTokens(
        _ field: JSONField,
        _ vocabulary: inout Vocabulary
    ) throws -> [AddedToken] {
        var tokens: [AddedToken] = []
        var contents: Set<[UInt8]> = []
        for entry in try field.optional?.array() ?? [] {
            let content = try bytes(entry["content"], allowsEmpty: false)
            guard contents.insert(content).inserted else {
                throw try entry["content"].failure("this added token stands twice")
            }
            let text = String(decoding: content, as: UTF8.self)
            tokens.append(
                AddedToken(
                    id: try vocabulary.add(text, entry["id"]),
                    content: text,
                    isSpecial: try entry["special"].boolean(),
                    isNormalized: try entry["normalized"].boolean(),
                    stripsLeft: try entry["lstrip"].boolean(),
                    stripsRight: try entry["rstrip"].boolean(),
                    isSingleWord: try entry["single_word"].boolean()
                )
            )
        }
        return tokens
    }

    private static func normalizerSteps(_ field: JSONField) throws -> [Normalizer.Step] {
        guard let field = field.optional else { return [] }
        switch try field["type"].string() {
        case "Sequence": return try field["normalizers"].array().flatMap(normalizerSteps)
        case "Prepend": return [.prepend(try bytes(field["prepend"]))]
        case "Replace":
            return [.replace(try pattern(field["pattern"]), by: try bytes(field["content"]))]
        default: throw try field["type"].unexpected("the normalizer Sequence, Prepend or Replace")
        }
    }

    private static func preTokenizer(_ field: JSONField) throws -> PreTokenizer {
        guard let field = field.optional else { return .whole }
        switch try field["type"].string() {
        case "Sequence":
            let steps = try field["pretokenizers"].array()
            guard steps.count <= 1 else { throw try field["pretokenizers"].unexpected("one step") }
            return try steps.first.map(preTokenizer) ?? .whole
        case "Metaspace":
            return .metaspace(
                replacement: try bytes(field["replacement"], allowsEmpty: false),
                scheme: try prependScheme(field),
                splits: try field["split"].optional?.boolean() ?? true
            )
        default: throw try field["type"].unexpected("the pre-tokenizer Metaspace or null")
        }
    }

    /// Old files say `add_prefix_space` instead of a scheme.
    private static func prependScheme(_ field: JSONField) throws -> PreTokenizer.PrependScheme {
        let addsPrefix = try field["add_prefix_space"].optional?.boolean() ?? true
        guard let scheme = try field["prepend_scheme"].optional else {
            return addsPrefix ? .always : .never
        }
        guard let value = PreTokenizer.PrependScheme(rawValue: try scheme.string()) else {
            throw scheme.unexpected("first, always or never")
        }
        return addsPrefix ? value : .never
    }

    private static func decoderSteps(_ field: JSONField) throws -> [Decoder.Step] {
        guard field.optional != nil else { return [.joinWithSpaces] }
        switch try field["type"].string() {
        case "Sequence": return try field["decoders"].array().flatMap(decoderSteps)
        case "Replace":
            return [.replace(try pattern(field["pattern"]), by: try bytes(field["content"]))]
        case "ByteFallback": return [.byteFallback]
        case "Fuse": return [.fuse]
        case "Strip":
            return [
                .strip(
                    try bytes(field["content"], allowsEmpty: false),
                    start: try field["start"].integer(in: 0...1 << 20),
                    stop: try field["stop"].integer(in: 0...1 << 20)
                )
            ]
        case "Metaspace":
            return [
                .metaspace(
                    replacement: try bytes(field["replacement"], allowsEmpty: false),
                    dropsFirst: try prependScheme(field) != .never
                )
            ]
        default:
            throw try field["type"].unexpected(
                "the decoder Sequence, Replace, ByteFallback, Fuse, Strip or Metaspace"
            )
        }
    }

    /// The literal text of a pattern; regular expressions do not occur in the family.
    private static func pattern(_ field: JSONField) throws -> [UInt8] {
        try bytes(field["String"], allowsEmpty: false)
    }

    private static func bytes(_ field: JSONField, allowsEmpty: Bool = true) throws -> [UInt8] {
        let text = try field.string()
        if text.isEmpty, !allowsEmpty { throw field.unexpected("a text that is not empty") }
        return Array(text.utf8)
    }
}
