import EvalCore
import Reporting
import Testing

/// Which samples a site shows.
struct SampleChoiceTests {
    private static func candidates(_ count: Int, failed: Set<Int> = []) -> [SampleChoice.Candidate]
    {
        (0..<count).map { index in
            var record = SampleRecord(ordinal: index, id: "q\(index)", cluster: "c")
            if failed.contains(index) {
                record.failure = SampleFailure(code: "x", message: "y")
            } else {
                // The later, the worse.
                record.scores = [
                    Score(metric: "m", version: 1, value: Double(count - index) / Double(count))
                ]
            }
            return SampleChoice.Candidate(record, headline: "m")
        }
    }

    @Test func fewSamplesAreAllShown() {
        let choice = SampleChoice(Self.candidates(5), limit: 5, headline: "m")
        #expect(choice.ordinals == [0, 1, 2, 3, 4])
        #expect(choice.sentence == "All 5 samples, in query order.")
    }

    @Test func halfAreTheWorstAndTheRestIsSpread() {
        let choice = SampleChoice(Self.candidates(100, failed: [7]), limit: 10, headline: "m")
        #expect(choice.ordinals.count == 10)
        #expect(choice.ordinals.isSuperset(of: [7, 99, 98, 97, 96]))
        let others = choice.ordinals.subtracting([7, 99, 98, 97, 96]).sorted()
        #expect(others.first == 0)
        #expect((others.last ?? 0) > 70)
        #expect(
            choice.sentence
                == "10 of 100 samples, in query order: 1 that failed, the 4 with the lowest m, "
                + "5 at equal distances among the others."
        )
    }

    @Test(arguments: [0, 1, 2, 3, 99, 100, 101])
    func neverMoreThanTheLimit(limit: Int) {
        let choice = SampleChoice(Self.candidates(100), limit: limit, headline: "m")
        #expect(choice.ordinals.count == min(limit, 100))
    }

    @Test func samplesWithoutScoresAreSpread() {
        let records = (0..<50).map { SampleRecord(ordinal: $0, id: "\($0)", cluster: "c") }
        let candidates = records.map { SampleChoice.Candidate($0, headline: nil) }
        let choice = SampleChoice(candidates, limit: 5, headline: nil)
        #expect(choice.ordinals == [0, 10, 20, 30, 40])
    }
}
