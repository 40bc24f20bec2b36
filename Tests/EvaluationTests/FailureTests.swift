import EvalCore
import Evaluation
import Foundation
import ShotSelection
import Tasks
import TestSupport
import Testing

struct FailureTests {
    private static let broken = SampleFailure(code: "image_unreadable", message: "no picture")

    /// An engine that fails for the queries of `numbers`.
    private func engine(failing numbers: Set<Int>) -> ScriptedEngine {
        ScriptedEngine { request in
            numbers.contains(request.number) ? .failure(Self.broken) : .success("yes")
        }
    }

    @Test func failedSampleIsARowAndTheRestIsScored() throws {
        try Bench.with { bench in
            bench.engine = engine(failing: [0, 5])
            let run = try bench.run(bench.request()).summary
            #expect(run.status == .done)
            #expect(run.errorCount == 2)
            #expect(run.metrics.first?.count == 10)
            #expect(!run.isComparable)
            let rows = try bench.rows(run.run)
            #expect(rows.filter { $0.failure != nil }.map(\.ordinal) == [0, 5])
            #expect(rows[5].failure == Self.broken)
            #expect(rows[5].scores.isEmpty)
        }
    }

    @Test func allSamplesMayFailAndThenThereIsNoNumber() throws {
        try Bench.with { bench in
            bench.engine = engine(failing: Set(0..<12))
            let run = try bench.run(bench.request()).summary
            #expect(run.status == .done)
            #expect(run.metrics.first?.value == nil)
            #expect(run.metrics.first?.reason == "no scored samples")
        }
    }

    @Test func onErrorStopEndsAtTheFirst() throws {
        try Bench.with { bench in
            bench.engine = engine(failing: [5])
            bench.engine.window = 1
            let outcome = try bench.run(bench.request { $0.onError = .stop })
            #expect(outcome.summary.status == .failed)
            #expect(outcome.summary.finishedCount == 6)
            #expect(
                outcome.failure
                    == .tooManyFailures(
                        count: 1,
                        allowed: 0,
                        firstID: TinyVQA().queryIDs[5],
                        firstMessage: "no picture"
                    )
            )
            let again = try bench.run(bench.request { $0.onError = .stop })
            #expect(again.summary.status == .failed)
            bench.engine = ScriptedEngine()
            let repaired = try bench.run(bench.request { $0.onError = .stop }).summary
            #expect(repaired.status == .done)
            #expect(repaired.errorCount == 0)
        }
    }

    @Test(arguments: [(20, RunStatus.done), (21, .failed)])
    func moreThanTwentyFailuresEndTheRun(count: Int, status: RunStatus) throws {
        var data = TinyVQA()
        data.queryCount = 60
        try Bench.with(data) { bench in
            bench.engine = engine(failing: Set(0..<count))
            let run = try bench.run(bench.request()).summary
            #expect(run.status == status)
        }
    }

    /// Typing the command again must not carry a run past its limit bit by bit.
    @Test func failedRunTriesItsFailuresAgain() throws {
        var data = TinyVQA()
        data.queryCount = 60
        try Bench.with(data) { bench in
            for _ in 0..<3 {
                bench.engine = engine(failing: Set(10..<40))
                let run = try bench.run(bench.request()).summary
                #expect(run.status == .failed)
                #expect(run.errorCount == 21)
            }
            bench.engine = ScriptedEngine()
            let repaired = try bench.run(bench.request()).summary
            #expect(repaired.status == .done)
            #expect(repaired.errorCount == 0)
        }
    }

    /// An interruption must not reset the count of failures.
    @Test func failuresOfAnInterruptedRunCountOn() throws {
        var data = TinyVQA()
        data.queryCount = 60
        try Bench.with(data) { bench in
            bench.engine = engine(failing: Set(0..<60))
            bench.engine.window = 1
            bench.engine.cancelsAt = 15
            let interrupted = try bench.run(bench.request()).summary
            #expect(interrupted.status == .interrupted)
            bench.engine.cancelsAt = nil
            let run = try bench.run(bench.request()).summary
            #expect(run.status == .failed)
            #expect(run.finishedCount == 21)
        }
    }

    @Test func missingPictureStopsBeforeTheEngineLoads() throws {
        try Bench.with { bench in
            let path = bench.root + "/" + TinyVQA.picturePath(3)
            try FileManager.default.removeItem(atPath: path)
            #expect {
                try bench.run(bench.request())
            } throws: { error in
                "\(error)".hasPrefix("1 of ") && "\(error)".contains(path)
                    && "\(error)".contains("sample 30") && "\(error)".contains("cocodataset.org")
            }
            #expect(bench.loadCount == 0)
            #expect(try bench.recorder.runs().isEmpty)
        }
    }

    @Test func pictureBeyondTheLimitIsNoMatter() throws {
        try Bench.with { bench in
            try FileManager.default.removeItem(atPath: bench.root + "/" + TinyVQA.picturePath(6))
            #expect(try bench.run(bench.request { $0.limit = 10 }).summary.status == .done)
        }
    }

    @Test func missingPictureOfAShotStopsToo() throws {
        try Bench.with { bench in
            for number in 1001...1020 {
                let path = bench.root + "/" + TinyVQA.picturePath(number)
                try FileManager.default.removeItem(atPath: path)
            }
            #expect {
                try bench.run(bench.request())
            } throws: { error in
                error is EvaluationError && "\(error)".contains("train2014.zip")
            }
            // A 0-shot prompt shows its examples without pictures.
            #expect(try bench.run(bench.request(shots: 0)).summary.status == .done)
        }
    }

    @Test func moreShotsThanTheSupportSetIsRefused() throws {
        try Bench.with { bench in
            #expect(throws: ShotSelectionError.self) { try bench.run(bench.request(shots: 21)) }
            #expect(bench.loadCount == 0)
        }
    }

    @Test func overlongPromptIsThatSamplesError() throws {
        var data = TinyVQA()
        data.questions[21] = String(repeating: "long ", count: 500)
        try Bench.with(data) { bench in
            bench.encoder.promptLimit = 1500
            let run = try bench.run(bench.request(shots: 2)).summary
            let failed = try bench.rows(run.run).filter { $0.failure != nil }
            #expect(failed.map(\.id) == ["21"])
            #expect(failed.first?.failure?.code == "prompt_too_long")
            #expect(bench.engine.requests.count == 11)
        }
    }

    @Test func dropShotsDropsTheOldestWholeShots() throws {
        try Bench.with { bench in
            let full = try bench.run(bench.request(shots: 8)).summary
            let lengths = try bench.rows(full.run).compactMap(\.promptTokenCount)
            bench.encoder.promptLimit = (lengths.max() ?? 0) - 50 + 15
            bench.engine = ScriptedEngine()
            let run = try bench.run(bench.request(shots: 8) { $0.overlong = .dropShots }).summary
            for (row, whole) in zip(try bench.rows(run.run), try bench.rows(full.run)) {
                #expect(row.failure == nil)
                #expect(row.droppedShotCount > 0)
                #expect(row.shotIDs == Array(whole.shotIDs.dropFirst(row.droppedShotCount)))
                #expect(row.promptTokenCount ?? 0 <= bench.encoder.promptLimit - 15)
            }
        }
    }

    @Test func oneShotAloneMayBeTooMuch() throws {
        try Bench.with { bench in
            bench.encoder.promptLimit = 40
            let run = try bench.run(bench.request(shots: 2) { $0.overlong = .dropShots }).summary
            let failures = try bench.rows(run.run).compactMap(\.failure)
            #expect(failures.count == 12)
            #expect(failures[0].message.contains("no shots are left to drop (2 were)"))
        }
    }
}
