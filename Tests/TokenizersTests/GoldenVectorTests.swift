import StrictJSON
import Testing
import Tokenizers

/// What the tokenizers library gave for 72 texts in four flavours; see Fixtures/README.md.
struct GoldenVectorTests {
    static let flavours = ["legacy", "legacy_eou", "metaspace", "oldnorm"]

    @Test(arguments: flavours)
    func encodesAndDecodesAsTheReference(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let entries = try Fixture.golden()["encode"].array()
        #expect(entries.count == 72)
        for entry in entries {
            let text = try entry["text"].string()
            let wanted = try entry[flavour]
            let ids = tokenizer.encode(markup: text)
            #expect(try ids == Fixture.ids(wanted["ids"]), "\(text.debugDescription)")
            let decoded = tokenizer.decode(ids, skippingSpecial: false)
            try expectSame(decoded, wanted["decode"], text)
            let plain = tokenizer.decode(ids, skippingSpecial: true)
            try expectSame(plain, wanted["decode_skip_special"], text)
        }
    }

    @Test func decodesListsThatNoTextEncodesTo() throws {
        let tokenizer = try Fixture.tokenizer("legacy_eou")
        let entries = try Fixture.golden()["decode_only_legacy_eou"].array()
        #expect(entries.count == 10)
        for entry in entries {
            let ids = try Fixture.ids(entry["ids"])
            let decoded = tokenizer.decode(ids, skippingSpecial: false)
            try expectSame(decoded, entry["decode"], "\(ids)")
            let plain = tokenizer.decode(ids, skippingSpecial: true)
            try expectSame(plain, entry["decode_skip_special"], "\(ids)")
        }
    }

    @Test(arguments: flavours)
    func encodesBadWordsWithTheirPrefix(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let words = ["\n", "\n\n", "<image>", "<fake_token_around_image>"]
        let wanted = try Fixture.golden()["bad_words_ids"][flavour].array().map(Fixture.ids)
        #expect(words.map(tokenizer.encode(markup:)) == wanted)
    }

    /// Compares bytes: Swift's `==` takes different normal forms for equal.
    private func expectSame(_ got: String, _ wanted: JSONField, _ text: String) throws {
        #expect(Array(got.utf8) == Array(try wanted.string().utf8), "\(text.debugDescription)")
    }
}
