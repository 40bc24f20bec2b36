import Foundation
import StrictJSON
import TestSupport
import Testing
import Tokenizers

struct ClipTokenizerTests {
    private static func path(_ name: String) -> String {
        referenceFixtures().appendingPathComponent("clip/\(name)/tokenizer.json").path
    }

    private func document(_ url: URL) throws -> JSONField {
        try JSONDocument(Array(Data(contentsOf: url)), source: url.path).root
    }

    private func ids(_ field: JSONField) throws -> [Int32] {
        try field.array().map { Int32(try $0.integer(in: 0...1 << 20)) }
    }

    @Test(arguments: ["clip-openai-like", "clip-laion-like"])
    func textsHaveTheIDsOfTransformers(_ name: String) throws {
        let tokenizer = try ClipTokenizer(path: Self.path(name))
        let golden = try document(
            URL(fileURLWithPath: Self.path(name)).deletingLastPathComponent()
                .appendingPathComponent("golden.json")
        )
        let texts = try golden["texts"].array().map { try $0.string() }
        let padded = try golden["text_ids_padded"].array().map(ids)
        for (text, expected) in zip(texts, padded) {
            let got = tokenizer.encode(text, limit: expected.count)
            let padding = Array(repeating: tokenizer.endToken, count: expected.count - got.count)
            #expect(got + padding == expected, "\(text)")
        }
    }

    @Test func madeTextsHaveTheIDsOfTheLibrary() throws {
        let tokenizer = try ClipTokenizer(path: Self.path("clip-openai-like"))
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/clip_tokens.json")
        let root = try document(file)
        let limit = try root["limit"].integer(in: 2...1000)
        let vectors = try root["vectors"].array()
        #expect(vectors.count > 500)
        for vector in vectors {
            let text = try vector["text"].string()
            #expect(
                try tokenizer.encode(text, limit: limit) == ids(vector["ids"]),
                "\(text.unicodeScalars.map { String($0.value, radix: 16) })"
            )
        }
    }

    @Test func addedTokensOfATextAreText() throws {
        let tokenizer = try ClipTokenizer(path: Self.path("clip-openai-like"))
        let ids = tokenizer.encode("a <|endoftext|> b", limit: 77)
        #expect(ids.filter { $0 == tokenizer.endToken }.count == 1)
        #expect(ids.last == tokenizer.endToken)
    }

    @Test func longTextsKeepTheirEndToken() throws {
        let tokenizer = try ClipTokenizer(path: Self.path("clip-openai-like"))
        let long = String(repeating: "word ", count: 200)
        for limit in [2, 3, 20] {
            let ids = tokenizer.encode(long, limit: limit)
            #expect(ids.count == limit)
            #expect(ids.first == tokenizer.startToken && ids.last == tokenizer.endToken)
        }
        #expect(
            tokenizer.encode(long, limit: 20).dropLast()
                == tokenizer.encode(long, limit: 40).prefix(19)
        )
    }

    @Test(arguments: [
        (#""NFC""#, #""NFD""#), (#""Lowercase""#, #""Uppercase""#), (#"\\s+"#, #"\\s"#),
        (#"'s|'t"#, #"'t|'s"#), (#""BPE""#, #""Unigram""#), (#""</w>""#, #""""#),
        (#""<|endoftext|>","#, #""<|end|>","#), (#""ByteLevel""#, #""Whitespace""#),
    ])
    func otherTokenizersAreRefused(_ old: String, _ new: String) throws {
        let path = Self.path("clip-openai-like")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = text.replacingOccurrences(of: old, with: new)
        #expect(changed != text)
        #expect(throws: JSONError.self) {
            try ClipTokenizer(Array(changed.utf8), source: "tokenizer.json")
        }
    }

    @Test(arguments: ["", "{}", "[]", "{\"model\": {}}", "not json"])
    func brokenFilesAreRefused(_ text: String) {
        #expect(throws: JSONError.self) {
            try ClipTokenizer(Array(text.utf8), source: "tokenizer.json")
        }
    }
}
