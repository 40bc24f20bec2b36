import StrictJSON
import Testing
import Tokenizers

/// Files that are broken or ask for what this room does not do.
struct TokenizerFileTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue?
        let message: String
        var testDescription: String { "\(path) = \(value?.text() ?? "missing")" }

        init(_ path: String, _ value: JSONValue?, _ message: String) {
            self.path = path
            self.value = value
            self.message = message
        }
    }

    static let token: JSONObject = JSONObject([
        ("id", 1000), ("content", "<x>"), ("single_word", false), ("lstrip", false),
        ("rstrip", false), ("normalized", false), ("special", true),
    ])

    static func tokens(_ changes: (inout JSONObject) -> Void) -> JSONValue {
        var token = token
        changes(&token)
        return [.object(token)]
    }

    static let faults: [Fault] = [
        Fault("model", nil, "model: is missing"),
        Fault("model", "BPE", "model: expected an object, got \"BPE\""),
        Fault("model.type", "Unigram", "model.type: expected the model BPE, got \"Unigram\""),
        Fault("model.vocab", nil, "model.vocab: is missing"),
        Fault("model.vocab", [], "model.vocab: expected an object"),
        Fault("model.vocab.<unk>", "a", "model.vocab.<unk>: expected an id from 0"),
        Fault("model.vocab.<unk>", -1, "model.vocab.<unk>: expected an id from 0"),
        Fault("model.vocab.<unk>", 4_000_000_000, "model.vocab.<unk>: expected an id from 0"),
        Fault("model.vocab.<unk>", 1.5, "model.vocab.<unk>: expected an id from 0"),
        Fault("model.vocab.<unk>", 7, "model.vocab.<0x04>: id 7 stands twice"),
        Fault("model.merges", nil, "model.merges: is missing"),
        Fault("model.merges", ["a"], "model.merges[0]: expected \"left right\""),
        Fault("model.merges", ["a b c"], "model.merges[0]: expected \"left right\""),
        Fault("model.merges", [["a"]], "model.merges[0]: expected \"left right\""),
        Fault("model.merges", [["a", 1]], "model.merges[0]: expected \"left right\""),
        Fault("model.merges", [["a", "☃"]], "model.merges[0]: merges pieces"),
        Fault("model.merges", ["▁ zzz"], "model.merges[0]: merges pieces"),
        Fault("model.unk_token", "<none>", "model.unk_token: expected a piece"),
        Fault("model.unk_token", 3, "model.unk_token: expected a string"),
        Fault("model.dropout", 0.1, "model.dropout: expected null or 0"),
        Fault("model.end_of_word_suffix", "</w>", "model.end_of_word_suffix: expected null"),
        Fault("model.continuing_subword_prefix", "##", "expected null"),
        Fault("model.byte_fallback", "yes", "model.byte_fallback: expected true or false"),
        Fault("added_tokens", 3, "added_tokens: expected an array"),
        Fault("added_tokens", [3], "added_tokens[0]: expected an object"),
        Fault("added_tokens", tokens { $0["id"] = nil }, "added_tokens[0].id: is missing"),
        Fault("added_tokens", tokens { $0["id"] = 5 }, "id 5 belongs to another piece"),
        Fault("added_tokens", tokens { $0["id"] = -5 }, "added_tokens[0].id: expected an integer"),
        Fault(
            "added_tokens",
            tokens { $0["content"] = "<s>" },
            "the vocabulary gives this token 1"
        ),
        Fault("added_tokens", tokens { $0["content"] = "" }, "expected a text that is not empty"),
        Fault(
            "added_tokens",
            tokens { $0["special"] = nil },
            "added_tokens[0].special: is missing"
        ),
        Fault("added_tokens", tokens { $0["lstrip"] = 1 }, "added_tokens[0].lstrip: expected true"),
        Fault("normalizer", ["type": "NFKC"], "normalizer.type: expected the normalizer Sequence"),
        Fault(
            "normalizer",
            ["type": "Replace", "pattern": ["Regex": "a"], "content": ""],
            "normalizer.pattern.String: is missing"
        ),
        Fault(
            "normalizer",
            ["type": "Replace", "pattern": ["String": ""], "content": ""],
            "normalizer.pattern.String: expected a text"
        ),
        Fault("pre_tokenizer", ["type": "ByteLevel"], "expected the pre-tokenizer Metaspace"),
        Fault(
            "pre_tokenizer",
            ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "last"],
            "pre_tokenizer.prepend_scheme: expected first, always or never"
        ),
        Fault("decoder", ["type": "WordPiece"], "decoder.type: expected the decoder"),
        Fault(
            "decoder",
            ["type": "Strip", "content": " ", "start": -1, "stop": 0],
            "decoder.start: expected an integer from 0"
        ),
    ]

    @Test(arguments: faults)
    func aFaultIsNamedWithItsPlace(fault: Fault) throws {
        let file = try Fixture.document("legacy/tokenizer.json").required()
            .setting(fault.path, fault.value)
        let error = #expect(throws: JSONError.self) {
            try Tokenizer(file.utf8(.pretty), source: "tokenizer.json")
        }
        let text = error?.description ?? ""
        #expect(text.contains(fault.message), "\(text)")
        #expect(text.hasPrefix("tokenizer.json:"))
    }

    @Test func anAddedTokenStandsOnce() throws {
        let file = try Fixture.document("legacy/tokenizer.json").required()
            .setting("added_tokens", [.object(Self.token), .object(Self.token)])
        let error = #expect(throws: JSONError.self) {
            try Tokenizer(file.utf8(), source: "tokenizer.json")
        }
        #expect(error?.message == "this added token stands twice")
    }

    @Test func everyTextMustBeEncodable() throws {
        let file = try Fixture.document("legacy/tokenizer.json").required()
            .setting("model.unk_token", nil)
        // All byte pieces are there, so no text needs the unknown token …
        #expect(try Tokenizer(file.utf8(), source: "a").encode(markup: "\u{1F600}").count > 1)
        // … until one of them is gone.
        let broken = try file.renamingPiece("<0xF0>", to: "<gone>")
        let error = #expect(throws: JSONError.self) {
            try Tokenizer(broken.utf8(), source: "tokenizer.json")
        }
        #expect(error?.path == "model.unk_token")
    }

    @Test func nothingTrapsOnAnyPrefixOfAFile() throws {
        let bytes = try Fixture.bytes("legacy/tokenizer.json")
        for end in stride(from: 0, to: bytes.count, by: 997) {
            #expect(throws: JSONError.self) { try Tokenizer(Array(bytes[..<end]), source: "a") }
        }
    }

    @Test func knowsItsTokens() throws {
        let tokenizer = try Fixture.tokenizer("legacy_eou")
        #expect(tokenizer.tokenCount == 1003)
        #expect(tokenizer.id(ofAddedToken: "<image>") == 1001)
        #expect(tokenizer.id(ofAddedToken: "<end_of_utterance>") == 1002)
        #expect(tokenizer.id(ofAddedToken: "the") == nil)
        #expect(tokenizer.isSpecial(1) && tokenizer.isSpecial(1001))
        #expect(!tokenizer.isSpecial(300) && !tokenizer.isSpecial(-1))
        #expect(tokenizer.piece(of: 13) == "<0x0A>")
        #expect(tokenizer.piece(of: 1003) == nil && tokenizer.piece(of: -1) == nil)
    }

    @Test func idsWithoutPieceDecodeToNothing() throws {
        let tokenizer = try Fixture.tokenizer("legacy")
        let ids = tokenizer.encode(markup: "hello")
        let padded = [-1] + ids + [5000, .max, .min]
        #expect(tokenizer.decode(padded, skippingSpecial: true) == "hello")
    }
}
