import EvalCore
import Foundation
import RunStore
import TestSupport
import Testing

struct MigrationTests {
    /// A store that schema version 1 wrote, committed once and never made again.
    @Test func theStoreOfVersion1StillReads() throws {
        try withOldStore { path in
            let reader = try RunStoreReader(path: path)
            let run = try #require(try reader.runs().first)
            #expect(run.status == .done && run.metrics == [metric(0.5)])
            #expect(run.plan == plan(of: run))
            #expect(try reader.samples(of: run.run) == (0..<3).map(sample) + [failedSample(3)])
        }
    }

    @Test func everyMigrationFromVersion1KeepsItsRows() throws {
        try withOldStore { path in
            let before = try RunStoreReader(path: path).runs()
            var options = StoreOptions()
            options.migrations.append(
                Migration(version: 2, sql: "CREATE TABLE x(y INT) STRICT")
            )
            try RunStoreWriter(path: path, options: options).close()
            #expect(try integer(path, "PRAGMA user_version") == 2)
            #expect(try integer(path, "SELECT count(*) FROM x") == 0)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let copies = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasPrefix("runs.sqlite.v1-") }
            #expect(copies.count == 1)
            let copy = folder + "/" + (copies.first ?? "")
            #expect(try RunStoreReader(path: copy).runs() == before)
        }
    }

    @Test func aMigrationThatFailsChangesNothing() throws {
        try withOldStore { path in
            var options = StoreOptions()
            options.migrations.append(
                Migration(version: 2, sql: "CREATE TABLE x(y INT) STRICT; SELECT nonsense")
            )
            #expect(throws: RunStoreError.self) {
                try RunStoreWriter(path: path, options: options)
            }
            let version = try integer(path, "PRAGMA user_version")
            let runs = try RunStoreReader(path: path).runs()
            #expect(version == 1 && runs.count == 1)
        }
    }

    @Test func versionsCountFromOne() {
        #expect(Migration.all.map(\.version) == Array(1...Migration.all.count))
    }

    private func withOldStore(_ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("runs.sqlite").path
            try FileManager.default.copyItem(
                atPath: fixturesDirectory().appendingPathComponent("store-v1.sqlite").path,
                toPath: path
            )
            try body(path)
        }
    }

    /// The plan that the fixture was made with; its process had another id.
    private func plan(of run: RunSummary) -> RunPlan {
        var plan = RunStoreTests.fixturePlan
        plan.attempt.processID = run.plan.attempt.processID
        return plan
    }
}
