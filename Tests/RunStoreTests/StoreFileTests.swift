import EvalCore
import Foundation
import RunStore
import TestSupport
import Testing

struct StoreFileTests {
    @Test func aStoreIsWALWithItsMarks() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            try writer.start(plan(), [sample(0)])
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            #expect(try integer(path, "PRAGMA application_id") == 0x4944_4546)
            #expect(try integer(path, "PRAGMA user_version") == 1)
            #expect(
                try integer(
                    path,
                    "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' "
                        + "AND name NOT LIKE 'sqlite%' AND NOT strict"
                ) == 0
            )
            try writer.close()
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }

    @Test func readingWhereNothingIsStoredMakesNoFile() throws {
        try withStorePath { path in
            #expect(throws: RunStoreError.missing(path: path)) { try RunStoreReader(path: path) }
            #expect(!FileManager.default.fileExists(atPath: path))
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(throws: RunStoreError.missing(path: path)) { try RunStoreReader(path: path) }
            // An empty file is what a kill right after the first open leaves.
            try RunStoreWriter(path: path).start(plan(), [sample(0)])
        }
    }

    @Test(arguments: ["hello\n", "SQLite format 3", String(repeating: "x", count: 5_000)])
    func otherFilesAreRefusedAndLeftAlone(content: String) throws {
        try withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("notes.txt")
            try Data(content.utf8).write(to: file)
            for open in [reading, writing] {
                let error = #expect(throws: RunStoreError.self) { try open(file.path) }
                guard case .notAStore = error else {
                    Issue.record("unexpected \(String(describing: error))")
                    continue
                }
            }
            #expect(try Data(contentsOf: file) == Data(content.utf8))
        }
    }

    @Test func anotherProgramsDatabaseIsRefusedAndLeftAlone() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("other.sqlite").path
            try executeSQL(path, "CREATE TABLE t(x); INSERT INTO t VALUES(1)")
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            for open in [reading, writing] {
                #expect(
                    throws: RunStoreError.notAStore(
                        path: path,
                        reason: "it is another program's database"
                    )
                ) { try open(path) }
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func foldersAndPathsThroughFilesAreRefused() throws {
        try withTemporaryDirectory { folder in
            #expect(throws: RunStoreError.self) { try RunStoreWriter(path: folder.path) }
            let file = folder.appendingPathComponent("file")
            try Data("x".utf8).write(to: file)
            let below = file.appendingPathComponent("runs.sqlite").path
            #expect(throws: RunStoreError.self) { try RunStoreWriter(path: below) }
            #expect(throws: RunStoreError.self) { try RunStoreReader(path: below) }
        }
    }

    @Test func aNewerStoreIsRefused() throws {
        try withStorePath { path in
            try RunStoreWriter(path: path).close()
            try executeSQL(path, "PRAGMA user_version = 9")
            let expected = RunStoreError.newer(path: path, version: 9, supported: 1)
            #expect(throws: expected) { try writing(path) }
            #expect(throws: expected) { try reading(path) }
            #expect(try integer(path, "PRAGMA user_version") == 9)
        }
    }

    @Test func aTruncatedStoreIsCorruptAndKept() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(sampleCount: 500), (0..<500).map(sample))
            try writer.close()
            let url = URL(fileURLWithPath: path)
            let whole = try Data(contentsOf: url)
            for length in [100, 4_096, whole.count / 2, whole.count - 4_096] {
                try whole.prefix(length).write(to: url)
                let error = #expect(throws: RunStoreError.self) {
                    _ = try RunStoreReader(path: path).samples(of: run)
                }
                guard case .corrupt = error else {
                    Issue.record("\(length): \(String(describing: error))")
                    continue
                }
                #expect(throws: RunStoreError.self) { try writing(path) }
                #expect(try Data(contentsOf: url).count == length)
            }
        }
    }

    @Test func damagedBytesNeverTrap() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(sampleCount: 40), (0..<40).map(sample))
            try writer.close()
            let url = URL(fileURLWithPath: path)
            let whole = try Data(contentsOf: url)
            var generator = SystemLikeGenerator(state: 1)
            for _ in 0..<300 {
                var damaged = whole
                damaged[Int.random(in: 0..<whole.count, using: &generator)] ^=
                    UInt8.random(in: 1...255, using: &generator)
                try damaged.write(to: url)
                do {
                    let reader = try RunStoreReader(path: path)
                    _ = try reader.runs()
                    _ = try reader.samples(of: run)
                } catch is RunStoreError {
                    continue
                }
            }
        }
    }

    @Test func aTruncatedLogLosesOnlyItsLastTransactions() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.open(plan(sampleCount: 60)).run
            for ordinal in 0..<60 { try writer.record([sample(ordinal)], run: run) }
            let copy = path + ".copy"
            for percent in [100, 90, 61, 30, 3] {
                try copyStore(path, to: copy, logPercent: percent)
                guard let reader = try? RunStoreReader(path: copy),
                    let samples = try? reader.samples(of: run)
                else {
                    #expect(percent < 50, "with \(percent) % of the log nothing can be read")
                    continue
                }
                #expect(samples == (0..<samples.count).map(sample))
                #expect(percent < 100 || samples.count == 60)
                #expect(percent == 100 || samples.count < 60)
            }
        }
    }

    @Test func aFullDiskIsAnErrorAfterWhichTheRunGoesOn() throws {
        try withStorePath { path in
            var options = StoreOptions()
            options.pageLimit = 60
            let small = try RunStoreWriter(path: path, options: options)
            let run = try small.open(plan(sampleCount: 2_000)).run
            var kept = 0
            let error = #expect(throws: RunStoreError.self) {
                while kept < 2_000 {
                    try small.record((kept..<(kept + 20)).map(sample), run: run)
                    kept += 20
                }
            }
            guard case .full = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            try small.close()
            let writer = try RunStoreWriter(path: path)
            #expect(try writer.open(plan(sampleCount: 2_000)).finishedOrdinals == Set(0..<kept))
            try writer.record((kept..<2_000).map(sample), run: run)
            #expect(
                try RunStoreReader(path: path).samples(of: run) == (0..<2_000).map(sample)
            )
        }
    }

    @Test func damageIsFoundAfterAnUncleanEndBeforeAnythingIsWritten() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(sampleCount: 500), (0..<499).map(sample))
            try writer.close()
            let last = try RunStoreWriter(path: path)
            _ = try last.open(plan(sampleCount: 500))
            try last.record([sample(499)], run: run)
            let copy = path + ".copy"
            try copyStore(path, to: copy)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
            let middle = bytes.count / 2
            for index in middle..<(middle + 3 * 4_096) { bytes[index] = 0x5A }
            try bytes.write(to: URL(fileURLWithPath: copy))
            let error = #expect(throws: RunStoreError.self) { try RunStoreWriter(path: copy) }
            guard case .corrupt = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write anywhere"))
    func aFolderThatCannotBeWrittenCanStillBeRead() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            try writer.close()
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
            defer {
                try? FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: folder
                )
            }
            #expect(try RunStoreReader(path: path).samples(of: run) == [sample(0)])
        }
    }

    private func reading(_ path: String) throws { _ = try RunStoreReader(path: path) }

    private func writing(_ path: String) throws { _ = try RunStoreWriter(path: path) }
}

/// Copies a store as it lies on the disk, with only a part of its write-ahead log.
func copyStore(_ path: String, to copy: String, logPercent: Int = 100) throws {
    let manager = FileManager.default
    for suffix in ["", "-wal", "-shm", ".lock"] { try? manager.removeItem(atPath: copy + suffix) }
    try manager.copyItem(atPath: path, toPath: copy)
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try log.prefix(log.count * logPercent / 100).write(to: URL(fileURLWithPath: copy + "-wal"))
}

/// SplitMix64, for reproducible damage.
private struct SystemLikeGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
