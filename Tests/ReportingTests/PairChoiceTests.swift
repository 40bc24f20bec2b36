import EvalCore
import Reporting
import Testing

/// Which runs are compared on a page.
struct PairChoiceTests {
    private static func pairs(_ runs: [RunFixture]) -> [String] {
        PairChoice(runs.map(\.summary)).pairs.map {
            "\($0.first.run)-\($0.second.run): \($0.difference)"
        }
    }

    @Test func neighbouringNumbersOfShotsAreCompared() {
        let runs = [4, 0, 8].map { RunFixture(run: "r\($0)", shots: $0) }
        #expect(Self.pairs(runs) == ["r0-r4: 0 → 4 shots", "r4-r8: 4 → 8 shots"])
    }

    @Test func runsThatOneSettingTellsApartAreCompared() {
        let runs = [
            RunFixture(run: "a", shots: 4), RunFixture(run: "b", shots: 4, precision: "int8"),
            RunFixture(run: "c", shots: 4, variant: "instruct"),
            RunFixture(run: "d", shots: 8, variant: "instruct"),
        ]
        #expect(
            Self.pairs(runs)
                == ["a-b: bf16 → int8", "a-c: base → instruct", "c-d: 4 → 8 shots"]
        )
    }

    @Test func zeroShotsOfClosedTasksHaveNoSupportSet() {
        let runs = [
            RunFixture(run: "a", shots: 0, data: "x", support: nil, drawsShots: false),
            RunFixture(run: "b", shots: 4, data: "y"),
        ]
        #expect(Self.pairs(runs) == ["a-b: 0 → 4 shots"])
    }

    @Test func shotsBySimilarityAreOneDifference() {
        let runs = [
            RunFixture(run: "a", shots: 4),
            RunFixture(run: "b", shots: 4, selection: "rices", encoder: "clip"),
        ]
        #expect(Self.pairs(runs) == ["a-b: random → RICES"])
    }

    @Test func aCheckpointIsOneDifferenceAndASeedIsNone() {
        var other = RunFixture(run: "b", shots: 4)
        other.model = "step-2000"
        other.weights = "other"
        let runs = [
            RunFixture(run: "a", shots: 4), other, RunFixture(run: "c", shots: 4, seed: 1),
        ]
        #expect(Self.pairs(runs) == ["a-b: \(RunFixture(run: "a").model) → step-2000"])
    }

    @Test func noShotsAreComparedWithSomeOfAnySelection() {
        let runs = [
            RunFixture(run: "a", shots: 0, selection: "none", support: nil, drawsShots: false),
            RunFixture(run: "b", shots: 4),
        ]
        #expect(Self.pairs(runs) == ["a-b: 0 → 4 shots"])
    }

    @Test func undefinedValuesAreNotCompared() {
        #expect(
            Self.pairs([RunFixture(run: "a"), RunFixture(run: "b", shots: 4, value: nil)]) == []
        )
    }

    @Test func tooManyPairsAreCounted() {
        let runs = (0..<10).map { RunFixture(run: "r\($0)", precision: "p\($0)").summary }
        let choice = PairChoice(runs, limit: 7)
        #expect(choice.pairs.count == 7)
        #expect(choice.omittedCount == 38)
    }
}
