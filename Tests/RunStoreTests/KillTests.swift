import EvalCore
import Foundation
import RunStore
import TestSupport
import Testing

struct KillTests {
    /// The state on the disk after every commit, taken as a kill would leave it.
    @Test func whatWasRecordedIsInEveryCopyOfTheFiles() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.open(plan(sampleCount: 60)).run
            let copy = path + ".copy"
            for batch in 0..<12 {
                try writer.record((batch * 5..<batch * 5 + 5).map(sample), run: run)
                try copyStore(path, to: copy)
                let resumed = try RunStoreWriter(path: copy)
                #expect(
                    try resumed.open(plan(sampleCount: 60)).finishedOrdinals
                        == Set(0..<(batch + 1) * 5)
                )
                try resumed.close()
            }
        }
    }

    @Test(arguments: 0..<12)
    func aKillAtAnyInstantLosesNothingThatWasRecorded(round: Int) async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("runs.sqlite").path
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, round = round as Int] in
                let writer = try RunStoreWriter(path: path)
                let run = try writer.open(plan(sampleCount: 100_000)).run
                let reports = try reportFile(path)
                // The kill comes from another thread, in the middle of whatever goes on.
                Thread.detachNewThread {
                    usleep(UInt32(2_000 + 7_300 * round))
                    kill(getpid(), SIGKILL)
                }
                for batch in 0..<25_000 {
                    try writer.record((batch * 4..<batch * 4 + 4).map(sample), run: run)
                    try reports.write(contentsOf: Data([1]))
                }
            }
            let reported = try Data(contentsOf: URL(fileURLWithPath: path + ".reports")).count
            let writer = try RunStoreWriter(path: path)
            let finished = try writer.open(plan(sampleCount: 100_000)).finishedOrdinals
            #expect(finished == Set(0..<finished.count))
            #expect(finished.count.isMultiple(of: 4))
            #expect(finished.count / 4 - reported == 0 || finished.count / 4 - reported == 1)
            let reader = try RunStoreReader(path: path)
            let run = try reader.summary(of: "latest")
            #expect(run.finishedCount == finished.count)
            #expect(try reader.samples(of: run.run) == (0..<finished.count).map(sample))
        }
    }
}

/// A file to which each finished batch adds a byte.
private func reportFile(_ path: String) throws -> FileHandle {
    let file = URL(fileURLWithPath: path + ".reports")
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
}
