import StrictJSON
import Testing
import Tokenizers

/// Markup and text side by side: added tokens in markup only, merges across every seam.
struct SeamTests {
    static let flavours = GoldenVectorTests.flavours

    @Test(arguments: flavours)
    func textThatSpellsAddedTokensIsPlainText(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let text = "a </s> <image> <s><unk> <fake_token_around_image>"
        let added = Set(tokenizer.addedTokens.map(\.id))
        for pieces: [TextPiece] in [
            [.text(text)], [.markup("Question: "), .text(text), .markup(" Answer:")],
        ] {
            let ids = tokenizer.encode(pieces)
            #expect(added.isDisjoint(with: ids))
            let joined = pieces.map(\.content).joined()
            #expect(tokenizer.decode(ids, skippingSpecial: true) == joined)
        }
    }

    @Test(arguments: flavours)
    func seamsDoNotShowInTheIDs(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let text = "Question: What color is the bus? Short answer: été 日本 \u{1F600} two  spaces"
        let wanted = tokenizer.encode(markup: text)
        let scalars = Array(text.unicodeScalars)
        for cut in 0...scalars.count {
            let head = String(String.UnicodeScalarView(scalars[..<cut]))
            let tail = String(String.UnicodeScalarView(scalars[cut...]))
            #expect(tokenizer.encode([.markup(head), .text(tail)]) == wanted, "cut at \(cut)")
            #expect(tokenizer.encode([.text(head), .markup(tail)]) == wanted, "cut at \(cut)")
            #expect(tokenizer.encode([.markup(head), .markup(tail)]) == wanted, "cut at \(cut)")
        }
    }

    @Test(arguments: flavours)
    func aPromptWithHarmlessTextEqualsItsMarkup(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let pieces: [TextPiece] = [
            .markup("<s>User:<fake_token_around_image>"), .markup("<image>"),
            .markup("<fake_token_around_image>"), .text("Is it raining?"),
            .markup("\nAssistant: "), .text("no"), .markup(" </s>"), .text(" x"),
        ]
        let joined = pieces.map(\.content).joined()
        #expect(tokenizer.encode(pieces) == tokenizer.encode(markup: joined))
    }

    @Test(arguments: flavours)
    func noAddedTokenReachesAcrossASeam(flavour: String) throws {
        let tokenizer = try Fixture.tokenizer(flavour)
        let image = try #require(tokenizer.id(ofAddedToken: "<image>"))
        #expect(tokenizer.encode([.markup("<ima"), .markup("ge>")]) == [image])
        for pieces: [TextPiece] in [
            [.markup("<ima"), .text("ge>")], [.text("<ima"), .markup("ge>")],
            [.markup("<ima"), .text(""), .markup("ge>")],
            [.markup("<im"), .text("a"), .markup("ge>")], [.text("<ima"), .text("ge>")],
        ] {
            #expect(!tokenizer.encode(pieces).contains(image), "\(pieces)")
        }
    }

    @Test func aNormalizedTokenNeedsMarkupForAllItsBytes() throws {
        let tokenizer = try Fixture.tokenizer("oldnorm")
        let start = try #require(tokenizer.id(ofAddedToken: "<s>"))
        // `<s>` is looked for as `▁<s>`: the prefix may come from the normaliser or from markup …
        #expect(tokenizer.encode([.markup("<s>")]) == [start])
        #expect(tokenizer.encode([.text(""), .markup("<s>")]) == [start])
        #expect(tokenizer.encode([.markup("a "), .markup("<s>")]).last == start)
        #expect(tokenizer.encode([.markup("<image>"), .markup("<s>")]).last == start)
        // … but not from text.
        #expect(!tokenizer.encode([.text("a "), .markup("<s>")]).contains(start))
        #expect(!tokenizer.encode([.markup("a "), .text("<s>")]).contains(start))
        #expect(!tokenizer.encode([.text("<s>")]).contains(start))
    }

    @Test func thePrefixOfMetaspaceStandsAtTheVeryStartOnly() throws {
        let tokenizer = try Fixture.tokenizer("metaspace")
        let whole = tokenizer.encode(markup: "hello")
        #expect(tokenizer.encode([.text("hello")]) == whole)
        #expect(tokenizer.encode([.text(""), .text("hello")]) == whole)
        let behind = tokenizer.encode([.markup("<s>"), .text("hello")])
        #expect(Array(behind.dropFirst()) != whole)
        #expect(tokenizer.decode(behind, skippingSpecial: true) == "hello")
    }

    @Test func whitespaceOfTextIsNotTakenByAStrippingToken() throws {
        let file = try Fixture.document("legacy/tokenizer.json").required()
            .setting(
                "added_tokens",
                [
                    [
                        "id": 1000, "content": "<mask>", "single_word": false, "lstrip": true,
                        "rstrip": true, "normalized": false, "special": true,
                    ]
                ]
            )
        let tokenizer = try Tokenizer(file.utf8(), source: "test")
        #expect(tokenizer.encode([.markup(" <mask> ")]) == [1000])
        let ids = tokenizer.encode([.text("a "), .markup(" <mask> "), .text(" b")])
        let parts = ids.split(separator: 1000).map(Array.init)
        #expect(parts == [tokenizer.encode([.text("a ")]), tokenizer.encode([.text(" b")])])
    }

    @Test func mergingNeverYieldsASpecialToken() throws {
        // `▁the` is merged from pieces; here the file calls it special.
        let file = try Fixture.document("legacy/tokenizer.json").required()
        let plain = try Tokenizer(file.utf8(), source: "test")
        let id = try #require(plain.encode(markup: "the").first)
        #expect(plain.piece(of: id) == "▁the")
        let token: JSONValue = [
            "id": .integer(Int(id)), "content": "▁the", "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": true, "special": true,
        ]
        for ignoresMerges in [false, true] {
            let changed = try file.setting("added_tokens", [token])
                .setting("model.ignore_merges", .boolean(ignoresMerges))
            let tokenizer = try Tokenizer(changed.utf8(), source: "test")
            #expect(!tokenizer.encode([.text("the")]).contains(id))
            #expect(
                tokenizer.decode(tokenizer.encode([.text("the")]), skippingSpecial: true) == "the"
            )
        }
    }
}
