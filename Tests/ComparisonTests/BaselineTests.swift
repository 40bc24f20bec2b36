import Comparison
import EvalCore
import Foundation
import Testing

/// Baseline files, and which run is held against which.
struct BaselineTests {
    private let good = SomeRun.scores(200, wrongEvery: 5)
    private let bad = SomeRun.scores(200, wrongEvery: 2)

    /// A baseline in which a list of one sample is missing.
    private static let unequalLists = String(
        decoding: Baseline(name: "x", runs: [SomeRun.run([1, 0])]).data,
        as: UTF8.self
    ).replacing(#""id":["q0","q1"]"#, with: #""id":["q0"]"#)

    @Test func baselinesReadAsTheyWereWritten() throws {
        let baseline = Baseline(
            name: "main",
            runs: [SomeRun.run(bad, id: "b") { $0.shots = 4 }, SomeRun.run(good, weights: "w")]
        )
        #expect(baseline.runs.map(\.recipe.shots) == [4, 8])
        #expect(try Baseline(baseline.data, path: "x") == baseline)
        #expect(Baseline(name: "main", runs: baseline.runs.reversed()).data == baseline.data)
    }

    @Test(
        arguments: [
            "", "[]", "{}", #"{"format":2,"name":"x","runs":[]}"#,
            #"{"format":1,"name":"x","runs":[{}]}"#, Self.unequalLists,
            #"{"format":1,"name":3,"runs":[]}"#,
        ]
    )
    func otherFilesAreRefused(text: String) {
        #expect(throws: ComparisonError.self) { try Baseline(Data(text.utf8), path: "x.json") }
    }

    /// A baseline's file with one thing changed.
    private func changed(_ text: String, _ other: String) throws -> Data {
        let runs = [SomeRun.run(good, id: "a"), SomeRun.run(bad, id: "b") { $0.shots = 4 }]
        let file = String(decoding: Baseline(name: "x", runs: runs).data, as: UTF8.self)
        try #require(file.contains(text), "\(text)")
        return Data(file.replacing(text, with: other).utf8)
    }

    @Test(
        arguments: [
            (#""errors":0"#, #""errors":-1"#, "-1 errors"),
            (#""q1","q2""#, #""q1","q1""#, "a sample twice"),
            (#""value":0.8"#, #""value":0.9"#, "its samples' mean is 0.8"),
            (#""value":0.8"#, #""value":1e300"#, "an impossible vqa_accuracy"),
            (#""shots":4"#, #""shots":8"#, "ask the same"),
            (#""version":1"#, #""version":0"#, "an impossible vqa_accuracy"),
            (#""seed":42"#, #""seed":-1"#, "a number that cannot be"),
            (#""errors":0"#, #""errors":"none""#, "errors is not of the expected type Int"),
        ]
    )
    func whatNoStoreHoldsIsRefused(text: String, other: String, reason: String) throws {
        let data = try changed(text, other)
        let error = try #require(throws: ComparisonError.self) {
            try Baseline(data, path: "x.json")
        }
        #expect("\(error)".contains(reason), "\(error)")
    }

    @Test func scoresThatAreNoNumbersAreRefused() throws {
        for (scores, pair) in [(["vqa_accuracy": 1e308], nil), ([:], [1.0])] {
            var run = SomeRun.run([1, 1])
            run.samples[0].scores = scores
            run.samples[0].pairLogprobs = pair
            let data = Baseline(name: "x", runs: [run]).data
            #expect(throws: ComparisonError.self) { try Baseline(data, path: "x.json") }
        }
    }

    @Test func aRunIsHeldAgainstTheLastOfAnyCheckpointUnlessTheBaselineHasSeveral() {
        let a = SomeRun.run(good, id: "a") { $0.engine.model = "a" }
        let b = SomeRun.run(good, id: "b") { $0.engine.model = "b" }
        let recipes = [a.recipe, b.recipe, SomeRun.recipe { $0.engine.model = "c" }]
        let alone = Baseline(name: "x", runs: [a])
        #expect(alone.counterpart(of: a, among: recipes) == 2)
        let both = Baseline(name: "x", runs: [a, b])
        #expect(both.counterpart(of: a, among: recipes) == 0)
        #expect(both.counterpart(of: b, among: recipes) == 1)
        #expect(both.counterpart(of: b, among: [a.recipe]) == nil)
        #expect(both.title(of: b) == "vqav2 8-shot b" && alone.title(of: a) == "vqav2 8-shot")
    }

    @Test func impossibleCandidatesCanBeWritten() throws {
        var run = SomeRun.run([1, 0])
        run.samples[0].pairLogprobs = [-.greatestFiniteMagnitude, -1]
        let baseline = Baseline(name: "x", runs: [run])
        #expect(try Baseline(baseline.data, path: "x") == baseline)
    }
}
