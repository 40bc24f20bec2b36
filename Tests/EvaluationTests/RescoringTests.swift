import EvalCore
import Evaluation
import Foundation
import TestSupport
import Testing

/// The present metrics on stored answers.
struct RescoringTests {
    private func rescored(
        _ bench: Bench,
        _ change: (inout RunSummary) -> Void = { _ in }
    ) throws -> Rescoring {
        var run = try bench.run(bench.request()).summary
        change(&run)
        let request = RunRequest(run.plan.recipe, task: bench.task, dataRoot: bench.root)
        return try Rescoring(run, request, reader: bench.recorder)
    }

    @Test func presentMetricsRepeatTheRunsNumbers() throws {
        try Bench.with { bench in
            let run = try bench.run(bench.request()).summary
            let rescoring = try rescored(bench)
            #expect(rescoring.changes.map(\.present) == run.metrics)
            #expect(rescoring.changes.allSatisfy { $0.standing == .unchanged })
            #expect(rescoring.newMetrics.isEmpty && rescoring.sampleScores.isEmpty)
            #expect(bench.loadCount == 1)
        }
    }

    @Test func newAndNewerMetricsAreKeptBesideTheOld() throws {
        try Bench.with { bench in
            let rescoring = try rescored(bench) { run in
                run.metrics[0].version = 0
                run.metrics.removeLast()
            }
            let count = rescoring.changes.count
            #expect(rescoring.changes[0].standing == .newer)
            #expect(rescoring.changes[0].stored?.version == 0)
            #expect(rescoring.changes[count - 1].standing == .added)
            #expect(rescoring.changes[count - 1].stored == nil)
            #expect(rescoring.newMetrics.count == 2)
            let rows = try bench.rows("run1")
            #expect(rescoring.sampleScores.count == rows.count)
            let new = Set(rescoring.newMetrics.map(\.metric))
            for row in rows {
                #expect(
                    rescoring.sampleScores[row.ordinal]
                        == row.scores.filter { new.contains($0.metric) }
                )
            }
        }
    }

    @Test func aLaterVersionOfTheStoreStays() throws {
        try Bench.with { bench in
            let rescoring = try rescored(bench) { $0.metrics[0].version = 99 }
            #expect(rescoring.changes[0].standing == .older)
            #expect(rescoring.newMetrics.isEmpty)
        }
    }

    @Test func otherNumbersOfOneVersionAreNeverKept() throws {
        try Bench.with { bench in
            let rescoring = try rescored(bench) { run in
                run.metrics[0].value = run.metrics[0].value.map { $0 + 0.25 }
            }
            #expect(rescoring.changes[0].standing == .different)
            #expect(rescoring.changes[0].differingSamples == 0)
            #expect(rescoring.newMetrics.isEmpty)
        }
    }

    @Test func otherAnnotationsAreRefused() throws {
        try Bench.with { bench in
            let run = try bench.run(bench.request()).summary
            var other = TinyVQA()
            other.queryCount += 1
            try withTemporaryDirectory { folder in
                let root = try other.write(to: folder)
                let request = RunRequest(run.plan.recipe, task: bench.task, dataRoot: root)
                #expect(throws: EvaluationError.otherData(run: run.run, dataRoot: root)) {
                    try Rescoring(run, request, reader: bench.recorder)
                }
            }
        }
    }
}
