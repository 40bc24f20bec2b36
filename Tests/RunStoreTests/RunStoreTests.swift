import EvalCore
import Foundation
import RunStore
import Testing

struct RunStoreTests {
    @Test func everyFieldOfASampleComesBackToTheLastBit() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let samples = [sample(2), failedSample(1), sample(0), sample(3)]
            let run = try writer.start(plan(), samples)
            let reader = try RunStoreReader(path: path)
            let read = try reader.samples(of: run)
            #expect(read == samples.sorted { $0.ordinal < $1.ordinal })
            // Strings compare by canonical equivalence; bytes must agree as well.
            #expect(
                read[0].output.map { Array($0.utf8) } == sample(0).output.map { Array($0.utf8) }
            )
            #expect(
                read[0].shotIDs.map { Array($0.utf8) } == sample(0).shotIDs.map { Array($0.utf8) }
            )
            #expect(try reader.sample("458752002", of: run) == sample(2))
            #expect(try reader.sample("4587520", of: run) == nil)
        }
    }

    @Test func samplesWalkInQueryOrderAcrossChunks() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(sampleCount: 1_300), (0..<1_300).reversed().map(sample))
            let reader = try RunStoreReader(path: path)
            #expect(try reader.samples(of: run).map(\.ordinal) == Array(0..<1_300))
            // The body may read from the same store.
            try reader.eachSample(of: run) { record in
                if record.ordinal == 700 {
                    let again = try reader.sample(record.id, of: run)
                    #expect(again == record)
                }
            }
        }
    }

    @Test func aRunThatEndedByAnErrorForgetsItsFailedSamples() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0), failedSample(1)])
            try writer.end(.failed(reason: "too many"), run: run)
            #expect(try writer.open(plan()).finishedOrdinals == [0])
            try writer.record([sample(1)], run: run)
            let reader = try RunStoreReader(path: path)
            let summary = try reader.summary(of: run)
            #expect(summary.finishedCount == 2)
            #expect(summary.errorCount == 0)
            #expect(summary.generatedCount == 2)
            #expect(try reader.events(of: run).map(\.code) == ["failed", "retried"])
        }
    }

    @Test func anInterruptedRunKeepsItsFailedSamples() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0), failedSample(1)])
            try writer.end(.interrupted(reason: "signal 2"), run: run)
            #expect(try writer.open(plan()).finishedOrdinals == [0, 1])
        }
    }

    /// Whoever copies the one file has all of it, though a reader is still open.
    @Test func aClosedStoreIsWholeWithoutItsLog() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            let reader = try RunStoreReader(path: path)
            try writer.end(.interrupted(reason: "signal 2"), run: run)
            try writer.close()
            let copy = path + ".copy"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            #expect(try RunStoreReader(path: copy).samples(of: run) == reader.samples(of: run))
            try reader.close()
        }
    }

    @Test func aFinishedRunIsAnsweredFromTheStore() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0), sample(1), failedSample(2), sample(3)])
            let undefined = MetricValue(
                metric: "a_metric",
                version: 1,
                value: nil,
                count: 0,
                reason: "one class only"
            )
            let metrics = [metric(0.5), undefined]
            try writer.end(.done(metrics: metrics, submissionPath: "out.json"), run: run)
            let again = try RunStoreWriter(path: path).open(plan())
            #expect(again == OpenedRun(run: run, finishedOrdinals: [0, 1, 2, 3], isDone: true))
            let summary = try RunStoreReader(path: path).summary(of: "latest")
            #expect(summary.run == run && summary.status == .done)
            #expect(summary.plan == plan())
            #expect(summary.metrics == metrics)
            #expect(summary.finishedCount == 4 && summary.errorCount == 1)
            #expect(summary.generatedCount == 3 && summary.attemptCount == 1)
            #expect(summary.submissionPath == "out.json")
            #expect(summary.finished.map { $0 >= summary.started } == true)
        }
    }

    @Test func anInterruptedRunGoesOnWhereItStopped() throws {
        try withStorePath { path in
            let first = try RunStoreWriter(path: path)
            let run = try first.start(plan(), [sample(0), failedSample(2)])
            try first.end(.interrupted(reason: "SIGINT"), run: run)
            try first.close()
            var second = plan()
            second.attempt = attempt(threads: 7)
            second.label = "again"
            second.notComparableReasons = ["truncated images loaded"]
            let writer = try RunStoreWriter(path: path)
            #expect(
                try writer.open(second)
                    == OpenedRun(run: run, finishedOrdinals: [0, 2], isDone: false)
            )
            try writer.record([sample(1), sample(3)], run: run)
            try writer.end(.done(metrics: [], submissionPath: nil), run: run)
            let reader = try RunStoreReader(path: path)
            let summary = try reader.summary(of: run)
            #expect(summary.attemptCount == 2 && summary.generatedCount == 3)
            #expect(summary.plan.label == "again" && summary.plan.attempt.threads == 7)
            #expect(summary.plan.notComparableReasons == ["subset", "truncated images loaded"])
            let attempts = try reader.attempts(of: run)
            #expect(attempts.map(\.ending) == ["interrupted", "done"])
            #expect(attempts.map(\.reason) == ["SIGINT", nil])
            #expect(attempts.map(\.sampleCount) == [2, 2])
            #expect(attempts.map(\.description.threads) == [2, 7])
            #expect(try reader.events(of: run).map(\.code) == ["interrupted"])
        }
    }

    @Test func equalRecipesShareARunAndOthersDoNot() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let runs = try [1, 2].map { try writer.open(plan(seed: $0)).run }
            #expect(runs[0] != runs[1])
            #expect(recipe(seed: 1).digest == recipe(seed: 1).digest)
            #expect(recipe(seed: 1).digest.hasPrefix(runs[0]))
            let reader = try RunStoreReader(path: path)
            #expect(try reader.runs().map(\.run) == runs)
            #expect(try reader.summary(of: "latest").run == runs[1])
            #expect(try reader.summary(of: String(runs[0].prefix(6))).run == runs[0])
        }
    }

    @Test func theDigestIsThatOfTheSortedJSON() {
        let json = recipe().canonicalJSON
        #expect(json.hasPrefix(#"{"dataDigest":"data","engine":{"hasEndOfChunk":false,"#))
        #expect(json.contains(#""protocol":"m4""#) && json.contains(#""seed":42"#))
        #expect(recipe().digest.utf8.count == 64)
    }

    @Test(arguments: ["", "nothing", "latest"])
    func unknownRunsAreErrors(name: String) throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            try writer.close()
            let reader = try RunStoreReader(path: path)
            #expect(throws: RunStoreError.unknownRun(name: name, candidates: [])) {
                try reader.summary(of: name)
            }
            #expect(throws: RunStoreError.unknownRun(name: name, candidates: [])) {
                try reader.samples(of: name)
            }
        }
    }

    @Test func anAmbiguousPrefixNamesTheCandidates() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            // Seventeen runs: two of them begin with the same hexadecimal digit.
            let runs = try (0..<17).map { try writer.open(plan(seed: $0)).run }
            let shared = runs.map { $0.prefix(1) }.first { digit in
                runs.count { $0.hasPrefix(digit) } > 1
            }
            let digit = String(try #require(shared))
            let candidates = runs.filter { $0.hasPrefix(digit) }
            let reader = try RunStoreReader(path: path)
            #expect(throws: RunStoreError.unknownRun(name: digit, candidates: candidates)) {
                try reader.summary(of: digit)
            }
        }
    }

    @Test func scoringAgainKeepsTheOldScores() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), (0..<4).map(sample))
            try writer.end(.done(metrics: [metric(0.9)], submissionPath: nil), run: run)
            let new = Score(metric: "vqa_accuracy", version: 2, value: 0.3)
            try writer.record(scores: [0: [new], 3: [new]], run: run)
            try writer.record(metrics: [metric(0.6, version: 2)], run: run)
            let reader = try RunStoreReader(path: path)
            #expect(try reader.samples(of: run).map { $0.scores[0].version } == [2, 1, 1, 2])
            let scores = try reader.sample(sample(0).id, of: run)?.scores
            #expect(scores == [new, sample(0).scores[1]])
            #expect(try reader.summary(of: run).metrics == [metric(0.6, version: 2)])
            #expect(try integer(path, "SELECT count(*) FROM score") == 10)
            #expect(try integer(path, "SELECT count(*) FROM metric") == 2)
            #expect(try reader.events(of: run).map(\.code) == ["rescored"])
        }
    }

    @Test func sharedTextsAreStoredOnce() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(sampleCount: 100), (0..<50).map(sample))
            try writer.close()
            let again = try RunStoreWriter(path: path)
            #expect(try again.open(plan(sampleCount: 100)).run == run)
            try again.record((50..<100).map(sample), run: run)
            // 100 shots of their own, three that all share, two sets of categories.
            #expect(try integer(path, "SELECT count(*) FROM shared_text") == 105)
        }
    }

    @Test func weightsKeepTheirFullDigest() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            _ = try writer.open(plan())
            let digest = String(repeating: "a", count: 64)
            try writer.record(contentDigest: digest, ofWeights: "weights")
            try writer.record(contentDigest: digest, ofWeights: "weights")
            let reader = try RunStoreReader(path: path)
            #expect(try reader.contentDigest(ofWeights: "weights") == digest)
            #expect(try reader.contentDigest(ofWeights: "others") == nil)
            #expect(
                try integer(path, "SELECT count(*) FROM artifact WHERE content_digest IS NOT NULL")
                    == 1
            )
            #expect(throws: RunStoreError.self) {
                try writer.record(
                    contentDigest: String(repeating: "b", count: 64),
                    ofWeights: "weights"
                )
            }
        }
    }
}

extension RunStoreTests {
    /// What the store of version 1 among the fixtures holds: this plan, three samples and an error.
    static var fixturePlan: RunPlan { plan() }

    /// Writes that store where `RECORD_STORE_FIXTURE` says.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_STORE_FIXTURE"] != nil))
    func recordTheStoreOfThisVersion() throws {
        let path = try #require(ProcessInfo.processInfo.environment["RECORD_STORE_FIXTURE"])
        let writer = try RunStoreWriter(path: path)
        let samples = (0..<3).map(sample) + [failedSample(3)]
        let run = try writer.start(Self.fixturePlan, samples)
        try writer.end(.done(metrics: [metric(0.5)], submissionPath: nil), run: run)
        try writer.close()
    }
}
