import EvalCore
import Foundation
import GRDB
import RunStore
import TestSupport
import Testing

struct ConcurrencyTests {
    @Test func aSecondWriterOfTheSameRunIsRefusedAtOnce() throws {
        try withStorePath { path in
            let first = try RunStoreWriter(path: path)
            let run = try first.start(plan(), [sample(0)])
            let second = try RunStoreWriter(path: path)
            let error = #expect(throws: RunStoreError.self) { try second.open(plan()) }
            guard case .runInProgress(run, plan().attempt.processID, .some) = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(throws: RunStoreError.self) { try first.open(plan()) }
            #expect(throws: RunStoreError.self) { try second.record(metrics: [], run: run) }
            // The one that works on it goes on unharmed, and leaves it to the other when it ends.
            try first.record([sample(1)], run: run)
            try first.end(.interrupted(reason: "x"), run: run)
            #expect(try second.open(plan()).finishedOrdinals == [0, 1])
        }
    }

    @Test func twoWritersWorkOnRunsOfTheirOwn() throws {
        try withStorePath { path in
            let writers = try (0..<2).map { _ in try RunStoreWriter(path: path) }
            let runs = try writers.enumerated().map { index, writer in
                try writer.open(plan(seed: UInt64(index), sampleCount: 50)).run
            }
            for ordinal in 0..<50 {
                for (writer, run) in zip(writers, runs) {
                    try writer.record([sample(ordinal)], run: run)
                }
            }
            for (writer, run) in zip(writers, runs) {
                try writer.end(.done(metrics: [], submissionPath: nil), run: run)
            }
            let reader = try RunStoreReader(path: path)
            for run in runs { #expect(try reader.samples(of: run) == (0..<50).map(sample)) }
        }
    }

    @Test func readersSeeWhatIsCommittedAndNeverWait() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.open(plan(sampleCount: 100)).run
            let reader = try RunStoreReader(path: path)
            #expect(try reader.samples(of: run).isEmpty)
            for ordinal in 0..<100 {
                try writer.record([sample(ordinal)], run: run)
                let summary = try reader.summary(of: run)
                #expect(summary.finishedCount == ordinal + 1 && summary.status == .running)
            }
            // A walk that began before a commit ends well after it.
            var count = 0
            try reader.eachSample(of: run) { _ in
                count += 1
                if count == 1 { try writer.end(.interrupted(reason: "x"), run: run) }
            }
            #expect(count == 100)
        }
    }

    @Test func aRunWhoseOwnerIsGoneReadsAsInterrupted() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            let reader = try RunStoreReader(path: path)
            #expect(try reader.summary(of: run).status == .running)
            try writer.close()
            #expect(try reader.summary(of: run).status == .interrupted)
            let next = try RunStoreWriter(path: path)
            #expect(try next.open(plan()).finishedOrdinals == [0])
            #expect(try reader.summary(of: run).status == .running)
            #expect(try reader.attempts(of: run).map(\.ending) == ["lost", nil])
            #expect(try reader.events(of: run).map(\.code) == ["owner_died"])
        }
    }

    @Test func aStoreThatStaysLockedIsAnErrorThatLeavesItUsable() throws {
        try withStorePath { path in
            var options = StoreOptions()
            options.patienceMilliseconds = 100
            let writer = try RunStoreWriter(path: path, options: options)
            let run = try writer.start(plan(), [sample(0)])
            let other = try DatabaseQueue(path: path)
            try other.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                #expect(throws: RunStoreError.locked(path: path)) {
                    try writer.record([sample(1)], run: run)
                }
                #expect(try RunStoreReader(path: path).samples(of: run) == [sample(0)])
                try db.execute(sql: "ROLLBACK")
            }
            try writer.record([sample(1)], run: run)
            #expect(try RunStoreReader(path: path).samples(of: run).count == 2)
        }
    }

    @Test func manyProcessesMayOpenAStoreThatDoesNotExistYet() async throws {
        try await withTemporaryDirectory { folder in
            // The store's folder does not exist either.
            let path = folder.appendingPathComponent("new/runs.sqlite").path
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seed in 0..<8 {
                    group.addTask {
                        let writer = try RunStoreWriter(path: path)
                        try writer.start(plan(seed: UInt64(seed)), [sample(0)])
                    }
                }
                try await group.waitForAll()
            }
            #expect(try RunStoreReader(path: path).runs().count == 8)
        }
    }
}
