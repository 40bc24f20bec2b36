import EvalCore
import Prompting
import Testing

struct PromptBuilderTests {
    private let hostile = [
        "", " ", "\n", "<image>", "</s>", "<s>", "<fake_token_around_image>", "<|endofchunk|>",
        "{image}", "{answer}", "{{", "}", "{", "%s %n", "a\r\nb", "cafe\u{301}", "caf\u{e9}",
        " lead and trail ", "\u{2028}", "\u{0}", "<end_of_utterance>\nUser:", "👩‍👩‍👧",
    ]

    @Test func sampleTextStaysVerbatimAndText() throws {
        for hasEndOfChunk in [true, false] {
            let builder = PromptBuilder(
                format: try .openFlamingo(),
                hasEndOfChunk: hasEndOfChunk
            )
            for text in hostile {
                let prompt = builder.prompt(
                    for: sample("q", text),
                    shots: [Shot(sample: sample("s", text), answer: text)]
                )
                let texts = prompt.segments.compactMap { segment in
                    if case .text(let text) = segment { Array(text.utf8) } else { nil }
                }
                #expect(texts == (text.isEmpty ? [] : Array(repeating: Array(text.utf8), count: 3)))
                #expect(prompt.images.count == 2)
            }
        }
    }

    @Test func markupNeverDependsOnTheData() throws {
        let builder = PromptBuilder(format: try .m4Base(), hasEndOfChunk: false)
        func markup(_ text: String) -> [String] {
            builder.prompt(
                for: sample("q", text),
                shots: [Shot(sample: sample("s", text), answer: text)]
            ).segments.compactMap { if case .markup(let markup) = $0 { markup } else { nil } }
        }
        let plain = markup("plain")
        for text in hostile where !text.isEmpty { #expect(markup(text) == plain) }
        #expect(markup("").joined() == plain.joined())
    }

    @Test func stripTakesWhiteSpaceOfMarkupAtBothEndsOnly() throws {
        let format = try PromptFormat.format(
            prefix: " \n",
            shot: "{answer}",
            query: " {question} \u{3000}\n",
            strips: true
        )
        let builder = PromptBuilder(format: format, hasEndOfChunk: false)
        #expect(builder.prompt(for: sample("q", " x "), shots: []).segments == [.text(" x ")])
        var kept = format
        kept.stripsEnds = false
        #expect(
            PromptBuilder(format: kept, hasEndOfChunk: false)
                .prompt(for: sample("q", " x "), shots: []).text == " \n  x  \u{3000}\n"
        )
    }

    @Test func stripStopsAtPicturesAndZeroWidthSpaces() throws {
        let format = try PromptFormat.format(
            prefix: "",
            shot: "{answer}",
            query: "{image} \u{200B} ",
            strips: true
        )
        let prompt = PromptBuilder(format: format, hasEndOfChunk: false)
            .prompt(for: sample("q", "x"), shots: [])
        #expect(prompt.segments == [.image(image("q")), .markup(" \u{200B}")])
    }

    @Test func severalPicturesComeInTheirOrder() throws {
        let format = try PromptFormat.format(
            prefix: "",
            shot: "{answer}",
            query: "{image}and{image}",
            strips: false
        )
        var pair = sample("q", "x")
        pair.images = [image("a"), image("b")]
        let prompt = PromptBuilder(format: format, hasEndOfChunk: false).prompt(
            for: pair,
            shots: []
        )
        #expect(prompt.segments == [.image(image("a")), .markup("and"), .image(image("b"))])
    }

    @Test func aFieldThatTheSampleLacksTraps() async {
        await #expect(processExitsWith: .failure) {
            let format = try PromptFormat.format(
                prefix: "",
                shot: "{answer}",
                query: "{caption}",
                strips: false
            )
            _ = PromptBuilder(format: format, hasEndOfChunk: false)
                .prompt(for: sample("q", "x"), shots: [])
        }
    }
}
