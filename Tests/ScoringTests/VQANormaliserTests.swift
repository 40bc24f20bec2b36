import Scoring
import Testing

struct VQANormaliserTests {
    @Test func goldenTextsAreNormalisedStepByStep() throws {
        let rows = try VQAGolden.loaded.get().vqa_normalise
        #expect(rows.count == 76)
        for row in rows {
            let plain = VQANormaliser.withoutPunctuation(VQANormaliser.cleaned(row.text))
            #expect(
                plain.scalarValues == row.after_punct.scalarValues,
                "\(row.text.debugDescription)"
            )
            let words = VQANormaliser.withNormalWords(plain)
            #expect(
                words.scalarValues == row.normalised.scalarValues,
                "\(row.text.debugDescription)"
            )
        }
    }

    @Test func hostileTextsAreNormalisedAsTheReleasedEvaluatorDoes() throws {
        let rows = try VQAOracle.loaded.get().texts
        #expect(rows.count > 2_000)
        for row in rows {
            let plain = VQANormaliser.withoutPunctuation(VQANormaliser.cleaned(row[0]))
            #expect(plain.scalarValues == row[1].scalarValues, "\(row[0].debugDescription)")
            let words = VQANormaliser.withNormalWords(plain)
            #expect(words.scalarValues == row[2].scalarValues, "\(row[0].debugDescription)")
        }
    }

    @Test func atMost32FullStopsAreRemoved() throws {
        let row = try VQAGolden.loaded.get().vqa_period_cap
        let plain = VQANormaliser.withoutPunctuation(row.text)
        #expect(plain.unicodeScalars.count { $0 == "." } == row.remaining_periods)
    }

    @Test(arguments: [
        ("12,5 and half-baked", "125 and halfbaked"),
        ("half-baked", "half baked"),
        ("half-baked - twice-told", "halfbaked  twicetold"),
        ("a,b", "a b"),
        ("\u{661},\u{662}-x", "\u{661}\u{662}x"),
        (".\u{663}.x", ".\u{663}x"),
        ("1;\u{A0}2", "1 \u{A0}2"),
    ])
    func theConditionLooksAtTheWholeText(text: String, expected: String) {
        let plain = VQANormaliser.withoutPunctuation(text)
        #expect(plain.scalarValues == expected.scalarValues)
    }

    @Test(arguments: [
        ("\u{39F}\u{394}\u{39F}\u{3A3}", "\u{3BF}\u{3B4}\u{3BF}\u{3C2}"),
        ("\u{3A3}", "\u{3C3}"),
        ("\u{391}\u{3A3}\u{301} x", "\u{3B1}\u{3C2}\u{301} x"),
        ("\u{130}", "i\u{307}"),
        ("x\u{1F}y\u{85}z\u{200B}", "x y z\u{200B}"),
        ("\u{212A}", "k"),
        ("cafe\u{301} caf\u{E9}", "cafe\u{301} caf\u{E9}"),
    ])
    func lowerCaseAndWhiteSpaceArePythons(text: String, expected: String) {
        #expect(VQANormaliser.withNormalWords(text).scalarValues == expected.scalarValues)
    }

    @Test func carriageReturnBeforeLineFeedIsNotOneCharacter() {
        #expect(VQANormaliser.cleaned("a\r\nb").scalarValues == "a\r b".scalarValues)
        #expect(VQANormaliser.cleaned(" \u{1C}yes\r\n").scalarValues == "yes".scalarValues)
    }
}
