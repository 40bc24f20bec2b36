import EvalCore
import Foundation
import LocalEngine
import StrictJSON
import Tensors
import TestSupport
import Testing

/// The files of the embedding cache: whole or not there, whatever happens to them.
struct EmbeddingFolderTests {
    private func withBench(_ body: (EmbeddingBench) throws -> Void) throws {
        try withTemporaryDirectory { try body(EmbeddingBench($0)) }
    }

    private func digest(_ number: Int) -> PixelDigest {
        PixelDigest((0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 8))) })
    }

    private func vector(_ number: Int) -> [Float] { [Float(number), 0.5, -Float(number)] }

    private func open(
        _ bench: EmbeddingBench,
        note: @escaping (String) -> Void = { Issue.record("\($0)") }
    ) throws -> EmbeddingCache {
        try EmbeddingCache(
            bench.cache.path,
            of: PixelSumEncoder().provenance,
            limits: bench.limits,
            onDamage: note
        )
    }

    /// Commits each row on its own.
    private func fill(_ cache: EmbeddingCache, _ rows: Range<Int>) throws {
        for row in rows {
            cache.add(vector(row), of: digest(row))
            cache.add(PictureFileKey(digest: digest(row + 1_000_000)), shows: digest(row))
            try cache.commit()
        }
    }

    private func holds(_ cache: EmbeddingCache, _ rows: Range<Int>) -> Bool {
        rows.allSatisfy { row in
            cache.vector(of: digest(row)) == vector(row)
                && cache.pixels(of: PictureFileKey(digest: digest(row + 1_000_000))) == digest(row)
        }
    }

    // MARK: What does not belong there

    @Test func vectorsOfAnotherEncoderAreNamedWithBothDigests() throws {
        try withBench { bench in
            let paths = try bench.write(count: 2)
            _ = try bench.embed(paths, PixelSumEncoder(digest: "b"))
            _ = try bench.embed(paths, PixelSumEncoder(digest: "a"))
            let stray = try #require(bench.cacheFiles("b").first)
            let place = bench.cache.appendingPathComponent(String(repeating: "a", count: 16))
                .appendingPathComponent(stray.lastPathComponent)
            try FileManager.default.copyItem(at: stray, to: place)
            let error = #expect(throws: LocalEngineError.self) { try bench.embed(paths) }
            let message = error?.description ?? ""
            for part in [place.path, String(repeating: "a", count: 64)]
                + [String(repeating: "b", count: 64)]
            {
                #expect(message.contains(part), "\(message)")
            }
            #expect(FileManager.default.fileExists(atPath: place.path))
        }
    }

    @Test func vectorsOfAnotherWidthAreNamedWithBothWidths() throws {
        try withBench { bench in
            let paths = try bench.write(count: 2)
            _ = try bench.embed(paths, PixelSumEncoder(width: 5))
            let error = #expect(throws: LocalEngineError.self) { try bench.embed(paths) }
            let message = error?.description ?? ""
            #expect(message.contains("width 5") && message.contains("width 3"), "\(message)")
        }
    }

    @Test func aFileOfAnotherFormatIsNamedAndStays() throws {
        try withBench { bench in
            _ = try bench.embed([])
            let place = bench.cache.appendingPathComponent(String(repeating: "a", count: 16))
                .appendingPathComponent("vectors-0.safetensors")
            try SafetensorsWriter(metadata: ["format": "tomorrow's"]).write(to: place.path)
            let error = #expect(throws: LocalEngineError.self) { try bench.embed([]) }
            #expect(error?.description.contains("tomorrow's") == true)
            #expect(FileManager.default.fileExists(atPath: place.path))
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        try withBench { bench in
            try Data().write(to: bench.cache)
            let error = #expect(throws: LocalEngineError.self) { try bench.embed([]) }
            #expect(error?.description.contains(bench.cache.path) == true)
        }
    }

    // MARK: Damage

    @Test(arguments: ["vectors-", "files-"], [0, 5, 100, -1])
    func aCutFileIsSaidAndMadeAgain(_ prefix: String, _ length: Int) throws {
        try withBench { bench in
            let paths = try bench.write(count: 5)
            let first = try bench.embed(paths)
            let file = try bench.cacheFile(prefix)
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(length < 0 ? bytes.count + length : length).write(to: file)
            let encoder = PixelSumEncoder()
            #expect(try bench.embed(paths, encoder) == first)
            #expect(encoder.encodedCount == (prefix == "vectors-" ? 5 : 0))
            #expect(bench.notes.count == 1)
            #expect(bench.notes.first?.contains(file.lastPathComponent) == true)
            #expect(try bench.encodedCount(paths) == 0)
            #expect(bench.notes.count == 1)
        }
    }

    @Test(arguments: ["vectors-", "files-"])
    func aFlippedBitIsSaidAndMadeAgain(_ prefix: String) throws {
        try withBench { bench in
            let paths = try bench.write(count: 5)
            let first = try bench.embed(paths)
            let file = try bench.cacheFile(prefix)
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count - 3] ^= 1
            try bytes.write(to: file)
            #expect(try bench.embed(paths) == first)
            #expect(bench.notes.count == 1, "\(bench.notes)")
            #expect(try bench.encodedCount(paths) == 0)
        }
    }

    // MARK: Kills

    @Test func atAnyMomentOnlyTheLastRowsAreMissing() throws {
        try withBench { bench in
            bench.limits.newRows = 32
            bench.limits.smallFiles = 2
            let paths = try bench.write(count: 200)
            var delivered = 0
            let embedder = try bench.embedder(PixelSumEncoder())
            try embedder.embed(
                paths,
                deliver: { _, result in
                    _ = try result.get()
                    delivered += 1
                    guard delivered % 23 == 0 else { return }
                    // What a process finds after a kill here.
                    let moment = try EmbeddingBench(
                        bench.folder.appendingPathComponent("moment-\(delivered)")
                    )
                    try FileManager.default.copyItem(at: bench.cache, to: moment.cache)
                    let encoder = PixelSumEncoder()
                    _ = try moment.embed(paths, encoder)
                    #expect(encoder.encodedCount <= 200 - delivered + 32 + 16)
                    #expect(moment.notes.isEmpty)
                },
                cancellation: Cancellation()
            )
        }
    }

    @Test func rowsBecomeFilesAfterAWhileEvenIfTheyAreFew() throws {
        try withBench { bench in
            bench.limits.interval = .zero
            let cache = try open(bench)
            cache.add(vector(1), of: digest(1))
            try cache.commitIfDue()
            #expect(try open(bench).vector(of: digest(1)) == vector(1))
        }
    }

    @Test func leftoversOfKilledProcessesAreRemovedWhenTheyAreOld() throws {
        try withBench { bench in
            try fill(try open(bench), 0..<1)
            let whole = try bench.cacheFile("vectors-").path
            for (name, age) in [("\(whole).partial-1", 7200.0), ("\(whole).partial-2", 60)] {
                try Data([1, 2, 3]).write(to: URL(fileURLWithPath: name))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -age)],
                    ofItemAtPath: name
                )
            }
            #expect(holds(try open(bench), 0..<1))
            #expect(!FileManager.default.fileExists(atPath: "\(whole).partial-1"))
            #expect(FileManager.default.fileExists(atPath: "\(whole).partial-2"))
        }
    }

    // MARK: Many files

    @Test func manySmallFilesBecomeFew() throws {
        try withBench { bench in
            (bench.limits.smallFiles, bench.limits.smallRows, bench.limits.mergedRows) = (4, 8, 16)
            let cache = try open(bench)
            try fill(cache, 0..<100)
            // Large ones of at least 8 rows, and at most four small ones, of each kind.
            #expect(try bench.cacheFiles().count <= 2 * (100 / 8 + 4))
            #expect(holds(cache, 0..<100))
            #expect(holds(try open(bench), 0..<100))
        }
    }

    @Test func filesOfAKilledMergeAreHarmless() throws {
        try withBench { bench in
            bench.limits.smallFiles = 100
            try fill(try open(bench), 0..<20)
            let before = try bench.cacheFiles()
            let copies = try before.map { try Data(contentsOf: $0) }
            bench.limits.smallFiles = 4
            #expect(holds(try open(bench), 0..<20))
            #expect(try bench.cacheFiles().count < before.count)
            // The merged file is there, the others not gone yet.
            for (file, bytes) in zip(before, copies) { try bytes.write(to: file) }
            #expect(holds(try open(bench), 0..<20))
            #expect(holds(try open(bench), 0..<20))
            #expect(try bench.cacheFiles().count < before.count)
        }
    }

    @Test func aDamagedFileIsNotMerged() throws {
        try withBench { bench in
            bench.limits.smallFiles = 100
            try fill(try open(bench), 0..<12)
            let file = try bench.cacheFile("vectors-")
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: file)
            bench.limits.smallFiles = 4
            var notes: [String] = []
            let cache = try open(bench) { notes.append($0) }
            #expect(notes.count == 1)
            let missing = (0..<12).filter { cache.vector(of: digest($0)) == nil }
            #expect(missing.count == 1)
            for row in 0..<12 where !missing.contains(row) {
                #expect(cache.vector(of: digest(row)) == vector(row))
            }
        }
    }

    // MARK: Several processes

    @Test func twoAtOnceLoseNothing() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try EmbeddingBench(folder)
            (bench.limits.smallFiles, bench.limits.smallRows, bench.limits.mergedRows) = (3, 8, 16)
            let (path, limits) = (bench.cache.path, bench.limits)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<2 {
                    group.addTask {
                        // Half of the rows are made by both.
                        for row in 20 * part..<20 * part + 40 {
                            let cache = try EmbeddingCache(
                                path,
                                of: PixelSumEncoder().provenance,
                                limits: limits,
                                onDamage: { Issue.record("\($0)") }
                            )
                            try fill(cache, row..<row + 1)
                            #expect(holds(cache, row..<row + 1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(holds(try open(bench), 0..<60))
        }
    }

    @Test func aFileThatAnotherProcessMergedIsStillFound() throws {
        try withBench { bench in
            bench.limits.smallFiles = 100
            let first = try open(bench)
            try fill(first, 0..<10)
            bench.limits.smallFiles = 2
            let second = try open(bench)
            #expect(try bench.cacheFiles().count == 2)
            #expect(holds(first, 0..<10) && holds(second, 0..<10))
            try fill(first, 10..<12)
            #expect(holds(try open(bench), 0..<12))
        }
    }

    // MARK: Scale

    @Test func manyRowsComeBack() throws {
        try withBench { bench in
            bench.limits.newRows = 1000
            let cache = try open(bench)
            for row in 0..<3000 {
                cache.add(vector(row), of: digest(row))
                cache.add(PictureFileKey(digest: digest(row + 1_000_000)), shows: digest(row))
                try cache.commitIfDue()
            }
            try cache.commit()
            #expect(holds(try open(bench), 0..<3000))
        }
    }
}
