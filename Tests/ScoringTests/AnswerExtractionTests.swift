import Scoring
import Testing

/// What OpenFlamingo does to VQA outputs.
private let openFlamingo: [AnswerStep] = [
    .cutAt(["Question", "Answer", "Short"]), .cutAt([", "]),
]

struct AnswerExtractionTests {
    @Test func openFlamingoOutputsAreCutAsTheReleasedCodeDoes() throws {
        let extraction = AnswerExtraction(steps: openFlamingo)
        let rows = try VQAOracle.loaded.get().clean_ups
        #expect(rows.count == 200)
        for row in rows {
            let answer = extraction.answer(in: row[0])
            #expect(answer.scalarValues == row[1].scalarValues, "\(row[0].debugDescription)")
        }
    }

    @Test(arguments: [
        ([AnswerStep.cutAt(["Question", "Image"])], " a dog\nImage: Question", " a dog\n"),
        ([.cutAt(["\n"])], "a\r\nb", "a\r"),
        ([.firstLine], "a\r\nb", "a\r"),
        ([.firstLine, .strip], "  a \u{1F}\n b", "a"),
        ([.strip, .firstLine], "\n a", "a"),
        ([.strip], "\u{200B} a\u{3000}", "\u{200B} a"),
        ([.cutAt(["e"])], "cafe\u{301}", "caf"),
        ([.cutAt(["longer than the text"])], "text", "text"),
        (openFlamingo, "red, blue Question", "red"),
        ([], " as it is \n", " as it is \n"),
    ])
    func stepsWorkOnBytesInOrder(steps: [AnswerStep], text: String, expected: String) {
        let answer = AnswerExtraction(steps: steps).answer(in: text)
        #expect(answer.scalarValues == expected.scalarValues)
    }

    @Test func stepsAreFoundByName() throws {
        #expect(try AnswerStep(name: "cut_at", texts: ["Question"]) == .cutAt(["Question"]))
        #expect(try AnswerStep(name: "first_line") == .firstLine)
        #expect(try AnswerStep(name: "strip") == .strip)
    }

    @Test(
        arguments: [
            ("cut_at", nil), ("cut_at", []), ("cut_at", ["a", ""]), ("strip", ["a"]), ("trim", nil),
        ] as [(String, [String]?)]
    )
    func wrongStepsAreErrors(name: String, texts: [String]?) {
        #expect(throws: ScoringError.self) { try AnswerStep(name: name, texts: texts) }
    }
}
