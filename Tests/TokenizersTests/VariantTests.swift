import StrictJSON
import Testing
import Tokenizers

/// What the tokenizers library gives for files that differ from the golden ones in one respect
/// each, and for random vocabularies in which ties and overlaps abound.
struct VariantTests {
    @Test func encodesAndDecodesAsTheReference() throws {
        let variants = try Fixture.document("variants.json")["variants"].array()
        #expect(variants.count == 54)
        for variant in variants {
            let name = try variant["name"].string()
            let tokenizer = try Tokenizer(Self.file(of: variant).utf8(), source: name)
            for entry in try variant["cases"].array() { try check(tokenizer, entry, name) }
        }
    }

    private func check(_ tokenizer: Tokenizer, _ entry: JSONField, _ name: String) throws {
        let text = try entry["text"].string()
        let comment = "\(name): \(text.debugDescription)"
        let ids = tokenizer.encode(markup: text)
        #expect(try ids == Fixture.ids(entry["ids"]), "\(comment)")
        let decoded = tokenizer.decodeBytes(ids, skippingSpecial: false)
        #expect(try decoded == Array(entry["decode"].string().utf8), "\(comment)")
        let plain = tokenizer.decodeBytes(ids, skippingSpecial: true)
        #expect(try plain == Array(entry["decode_skip_special"].string().utf8), "\(comment)")
    }

    /// The tokenizer.json of a variant: its own, or the legacy one with changes.
    private static func file(of variant: JSONField) throws -> JSONValue {
        if let file = try variant["file"].value { return file }
        var value = try Fixture.document("legacy/tokenizer.json").required()
        for (old, new) in try variant["rename"].optional?.members() ?? [] {
            value = try value.renamingPiece(old, to: new.string())
        }
        for (path, new) in try variant["set"].optional?.members() ?? [] {
            value = try value.setting(path, new.required())
        }
        return value
    }
}
