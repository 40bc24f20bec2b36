import EvalCore
import Evaluation
import TestSupport
import Testing

struct InterruptionTests {
    /// A run that was cut at a point and gone on with must equal one that was not.
    private func expectSameAsStraight(
        _ bench: Bench,
        cut: () throws -> Void
    ) throws {
        try cut()
        let before = bench.engine.requests.count
        let finishedBefore = try bench.recorder.runs().first?.finishedCount ?? 0
        bench.engine = ScriptedEngine()
        let resumed = try bench.run(bench.request()).summary
        #expect(resumed.status == .done)
        #expect(bench.engine.requests.count == 12 - finishedBefore, "after \(before) requests")

        try Bench.with { straight in
            let run = try straight.run(straight.request()).summary
            #expect(try straight.rows(run.run) == bench.rows(resumed.run))
            #expect(run.metrics == resumed.metrics)
        }
    }

    @Test(arguments: 0...12)
    func cancelledRunGoesOnWhereItWas(point: Int) throws {
        try Bench.with { bench in
            try expectSameAsStraight(bench) {
                bench.engine.cancelsAt = point
                let outcome = try bench.run(bench.request())
                #expect(outcome.summary.status == (point < 12 ? .interrupted : .done))
                #expect(outcome.summary.finishedCount == point)
                #expect(outcome.failure == nil)
            }
        }
    }

    @Test(arguments: [0, 1, 7, 11])
    func brokenEngineLosesNothingFinished(point: Int) throws {
        try Bench.with { bench in
            try expectSameAsStraight(bench) {
                bench.engine.breaksDownAt = point
                #expect(throws: ScriptedEngine.Breakdown.self) { try bench.run(bench.request()) }
                let run = try bench.recorder.summary(of: "latest")
                #expect(run.status == .failed)
                #expect(run.finishedCount == point)
            }
        }
    }

    @Test func brokenStoreIsReportedAsSuch() throws {
        try Bench.with { bench in
            bench.recorder.breaksAtBatch = 0
            #expect(throws: InMemoryRecorder.Refusal.broken) { try bench.run(bench.request()) }
            #expect(bench.recorder.endings.isEmpty)
            bench.recorder.breaksAtBatch = nil
            let again = try bench.run(bench.request())
            #expect(again.summary.status == .done)
        }
    }

    @Test func cancellationBeforeTheStartComputesNothing() throws {
        try Bench.with { bench in
            let cancellation = Cancellation()
            cancellation.cancel(signal: 15)
            let outcome = try bench.run(bench.request(), cancellation: cancellation)
            #expect(outcome.summary.status == .interrupted)
            #expect(bench.engine.requests.isEmpty)
        }
    }

    @Test func nothingIsReportedBeforeItIsCommitted() throws {
        try Bench.with { bench in
            try bench.run(bench.request())
            let counts = bench.events.compactMap { event in
                if case .progress(let progress) = event { progress.finished } else { nil }
            }
            var sum = 0
            let committed = bench.recorder.batchSizes.map { size in
                sum += size
                return sum
            }
            #expect(counts == committed)
            #expect(counts.last == 12)
        }
    }
}
