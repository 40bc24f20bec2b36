import EvalCore
import Reporting
import Testing

/// What people read as the ground truth.
struct TargetTextTests {
    @Test func equalAnswersAreCounted() {
        let answers = ["red", "red", "dark red"].map { ReferenceAnswer(answer: $0) }
        #expect(Target.answers(answers).texts() == ["red ×2", "dark red"])
    }

    @Test func relevantOptionsAreNamedBestFirst() {
        let target = Target.relevance([0, 0.6, 1, 0, 0.6], truth: 3)
        let options = ["no", "red", "yes", "two", "rose"]
        #expect(
            target.texts(candidates: options)
                == ["yes 1.00", "red 0.60", "rose 0.60", "two 0.00 (the dialog's)"]
        )
        let first = target.texts().first
        #expect(first == "option 3 1.00")
        #expect(Target.relevance([0, 0], truth: nil).texts() == ["no option is relevant"])
    }

    @Test func pairsNameTheCaptionOfEachPicture() {
        let texts = Target.pairs.texts(candidates: ["a cat on a dog", "a dog on a cat"])
        #expect(texts == ["picture 0: a cat on a dog", "picture 1: a dog on a cat"])
        #expect(Target.pairs.texts().count == 1)
    }
}
