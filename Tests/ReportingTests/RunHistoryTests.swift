import Comparison
import EvalCore
import Foundation
import Reporting
import Statistics
import Testing

struct RunHistoryTests {
    private let samples = StoredSamples()

    private func source(
        _ name: String,
        at time: Double,
        value: Double? = 0.5,
        _ change: (inout RunFixture) -> Void = { _ in }
    ) -> RunHistory.Source {
        var fixture = RunFixture(run: name, shots: 4, count: 8)
        fixture.value = value
        change(&fixture)
        var run = fixture.summary
        run.finished = Date(timeIntervalSince1970: time)
        return RunHistory.Source(run, reader: samples)
    }

    private func history(_ sources: [RunHistory.Source]) throws -> RunHistory {
        try RunHistory(of: "vqa_accuracy", in: sources)
    }

    @Test func pairedStepsAreFlaggedAndOrderedByTime() throws {
        let before = (0..<24).map { $0 % 8 == 7 ? 1.0 : 0 }
        samples.add("a", before)
        samples.add("b", before.map { 0.9 + 0.1 * $0 }, outputs: (0..<24).map { "new \($0)" })
        let history = try history([
            source("b", at: 9, value: 0.9125) {
                $0.precision = "f32"
                $0.count = 24
            },
            source("a", at: 1, value: 0.125) { $0.count = 24 },
        ])
        #expect(history.scopes.map { $0.map(\.run.run) } == [["a", "b"]])
        let entry = history.scopes[0][1]
        #expect(entry.changes.map(\.name) == ["precision"])
        let step = try #require(entry.step)
        #expect(step.isStep && !step.isAlert && !step.isSameRecipe)
        #expect(step.pairCount == 24 && step.changedOutputCount == 24)
        let runs = try history.scopes[0].map { try ComparedRun($0.run, reader: samples) }
        let estimate = RunComparison(runs[0], runs[1]).headline
        #expect(step.interval == estimate?.interval)
        #expect(step.test == .paired("paired bootstrap over clusters, p by sign flips"))
        let table = HistoryTable(history)
        #expect(table.markdown.contains("STEP"))
        let end = "p by sign flips\",true,24,24,false,false,precision bf16 → f32\r\n"
        #expect(table.csv.contains(end))
    }

    @Test func changedOutputOfAnUnchangedRecipeIsAnAlert() throws {
        samples.add("a", [0, 1, 0, 1, 0, 1, 0, 1])
        samples.add(
            "b",
            [0, 1, 0, 1, 0, 1, 0, 1],
            outputs: ["other"] + Array(repeating: "answer", count: 7)
        )
        samples.add("c", [0, 1, 0, 1, 0, 1, 0, 1])
        let changed = try history([source("a", at: 1), source("b", at: 2)]).scopes[0][1]
        #expect(changed.step?.isAlert == true && changed.step?.isStep == false)
        #expect(changed.step?.changedOutputCount == 1 && changed.step?.difference == 0)
        let table = HistoryTable(try history([source("a", at: 1), source("b", at: 2)]))
        #expect(table.markdown.contains("OUTPUT CHANGED (1 of 8)"))
        let same = try history([source("a", at: 1), source("c", at: 2)]).scopes[0][1]
        #expect(same.step?.isAlert == false && same.step?.interval == 0...0)
        #expect(same.changes.isEmpty)
    }

    @Test func copiesOfOneCheckpointAreTheSameWeights() throws {
        samples.add("a", Array(repeating: 1, count: 8))
        samples.add("b", Array(repeating: 1, count: 8))
        func step(_ contents: [String?]) throws -> RunHistory.Entry {
            let sources = [source("a", at: 1), source("b", at: 2) { $0.weights = "copy" }]
            let known = zip(sources, contents).map { source, weights in
                RunHistory.Source(source.run, reader: samples, weights: weights)
            }
            return try history(known).scopes[0][1]
        }
        #expect(try step(["x", "x"]).step?.isSameRecipe == true)
        #expect(try step(["x", "x"]).changes.isEmpty)
        for contents in [["x", "y"], ["x", nil], [nil, nil]] {
            #expect(try step(contents).step?.isSameRecipe == false)
            #expect(try step(contents).changes.map(\.name) == ["weights"])
        }
    }

    @Test func samplesWithoutScoresAreJudgedByTheIntervals() throws {
        samples.add("a", Array(repeating: nil, count: 8))
        samples.add("b", Array(repeating: nil, count: 8))
        let apart = try history([
            source("a", at: 1, value: 0.5),
            source("b", at: 2, value: 0.7) {
                $0.interval = 0.64...0.76
                $0.precision = "int8"
            },
        ])
        let step = try #require(apart.scopes[0][1].step)
        #expect(step.test == .intervals && step.isStep)
        let reach = (2 * 0.06 * 0.06).squareRoot()
        #expect(abs(try #require(step.interval?.lowerBound) - (0.2 - reach)) < 1e-12)
        #expect(HistoryTable(apart).markdown.contains("‡"))
    }

    @Test func whatIsNoTestIsSaidToBeNone() throws {
        samples.add("a", Array(repeating: nil, count: 8))
        samples.add("b", Array(repeating: nil, count: 8))
        let undefined = try history([
            source("a", at: 1), source("b", at: 2, value: nil) { $0.precision = "int8" },
        ])
        let step = try #require(undefined.scopes[0][1].step)
        #expect(step.test == .none && !step.isStep && step.difference == nil)
        #expect(HistoryTable(undefined).markdown.contains("no test"))
    }

    @Test func otherSettingsAreOtherScopes() throws {
        samples.add("a", Array(repeating: 1, count: 8))
        samples.add("b", Array(repeating: 1, count: 8))
        let changes: [(inout RunFixture) -> Void] = [
            { $0.model = "other" }, { $0.shots = 8 }, { $0.seed = 7 }, { $0.limit = 3 },
            { $0.variant = "instruct" }, { $0.promptProtocol = "openflamingo" },
            { $0.split = "test" }, { $0.selection = "rices" }, { $0.isDemo = true },
        ]
        for change in changes {
            let history = try history([source("a", at: 1), source("b", at: 2, change)])
            #expect(history.scopes.count == 2)
            #expect(history.scopes.allSatisfy { $0[0].step == nil })
        }
        let unfinished = try history([
            source("a", at: 1), source("b", at: 2) { $0.status = .interrupted },
        ])
        #expect(unfinished.scopes.map(\.count) == [1])
        #expect(HistoryTable(try history([])).markdown.contains("No finished run"))
    }

    @Test func hostileTextsStayInTheirCells() throws {
        samples.add("a|b\n", Array(repeating: 1, count: 8))
        let history = try history([source("a|b\n", at: 1) { $0.model = "<b>|\u{1B}[1m" }])
        let text = HistoryTable(history).markdown
        #expect(!text.contains("\u{1B}") && !text.contains("<b>"))
        let row = try #require(text.split(separator: "\n").first { $0.contains("a\\|b") })
        #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 10)
    }
}
