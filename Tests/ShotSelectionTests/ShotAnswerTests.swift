import EvalCore
import ShotSelection
import Testing

struct ShotAnswerTests {
    private func target(_ answers: [String]) -> Target {
        .answers(answers.map { ReferenceAnswer(answer: $0) })
    }

    @Test(arguments: [
        (["no", "yes", "yes"], "yes"),
        (["b", "a", "a", "b"], "b"),
        (["Yes", "yes", "yes ", "no", "no"], "no"),
        (["only"], "only"),
        // Canonically equal spellings are two raw strings.
        (["x", "caf\u{e9}", "cafe\u{301}", "x"], "x"),
        (["caf\u{e9}", "cafe\u{301}", "cafe\u{301}"], "cafe\u{301}"),
    ])
    func mostFrequentCountsRawStringsAndTakesTheFirstOfEquals(
        answers: [String],
        expected: String
    ) throws {
        let answer = try #require(ShotAnswerRule.mostFrequent.answer(of: target(answers)))
        #expect(answer.utf8.elementsEqual(expected.utf8))
    }

    @Test func firstIsTheFirstAnnotators() {
        #expect(ShotAnswerRule.first.answer(of: target(["no", "yes", "yes"])) == "no")
    }

    @Test(arguments: ShotAnswerRule.allCases)
    func withoutReferencesThereIsNoAnswer(rule: ShotAnswerRule) {
        #expect(rule.answer(of: .unlabelled) == nil)
        #expect(rule.answer(of: target([])) == nil)
    }

    @Test func shotsFollowTheSelection() {
        let samples = ["a", "b", "c"].map { id in
            Sample(id: id, index: 0, images: [], fields: [:], target: target(["answer \(id)"]))
        }
        let shots = ShotSelection(indices: [2, 0]).shots(
            answered: .first,
            isTextOnly: true,
            sample: { samples[$0] }
        )
        #expect(shots.map(\.sample.id) == ["c", "a"])
        #expect(shots.map(\.answer) == ["answer c", "answer a"])
        #expect(shots.map(\.isTextOnly) == [true, true])
    }
}
