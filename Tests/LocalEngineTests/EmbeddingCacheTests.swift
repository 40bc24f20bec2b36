import EvalCore
import Foundation
import LocalEngine
import Synchronization
import TestSupport
import Testing

/// What an embedder remembers, and what it makes anew.
struct EmbeddingCacheTests {
    private static let clip = referenceFixtures().appendingPathComponent("clip")
    private static let names = ["j420.jpg", "jtall.jpg", "jgray.jpg", "prgb.png"]

    /// A folder with old copies of pictures, and an empty cache folder.
    private func withBench(_ body: (Bench) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let bench = Bench(folder: folder)
            try FileManager.default.createDirectory(
                at: bench.pictures,
                withIntermediateDirectories: true
            )
            for name in Self.names { try bench.copyPicture(name, to: name) }
            try body(bench)
        }
    }

    private struct Bench {
        let folder: URL
        var pictures: URL { folder.appendingPathComponent("pictures") }
        var cache: URL { folder.appendingPathComponent("cache") }
        var paths: [String] { names.map { pictures.appendingPathComponent($0).path } }

        func copyPicture(_ source: String, to name: String) throws {
            let copy = pictures.appendingPathComponent(name)
            try? FileManager.default.removeItem(at: copy)  // there may be none
            try FileManager.default.copyItem(
                at: referenceFixtures().appendingPathComponent("images/\(source)"),
                to: copy
            )
            // A file that has just changed is not known by its identity.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
                ofItemAtPath: copy.path
            )
        }

        func embedder(
            _ checkpoint: URL = clip.appendingPathComponent("clip-openai-like"),
            onEvent: @escaping (EmbeddingEvent) -> Void = { _ in }
        ) throws -> ClipEmbedder {
            try ClipEmbedder(
                checkpoint.path,
                options: ClipEmbedderOptions(cacheFolder: cache.path),
                onEvent: onEvent
            )
        }

        /// Files of the cache whose name begins so.
        func files(_ prefix: String) throws -> [URL] {
            try FileManager.default.subpathsOfDirectory(atPath: cache.path).sorted()
                .map { cache.appendingPathComponent($0) }
                .filter { $0.lastPathComponent.hasPrefix(prefix) }
        }
    }

    @Test func nothingIsEncodedTwice() throws {
        try withBench { bench in
            let first = try bench.embedder()
            let made = try vectors(first, bench.paths)
            #expect(first.counters == (encoded: 4, cached: 0))
            let second = try bench.embedder()
            #expect(try vectors(second, bench.paths.reversed()).reversed() == made)
            #expect(second.counters == (encoded: 0, cached: 4))
        }
    }

    @Test func equalPathsAndEqualPixelsAreEncodedOnce() throws {
        try withBench { bench in
            try bench.copyPicture("jgray.jpg", to: "copy.jpg")
            let copy = bench.pictures.appendingPathComponent("copy.jpg").path
            let embedder = try bench.embedder()
            let got = try vectors(embedder, [bench.paths[2], copy, bench.paths[2]])
            #expect(got[0] == got[1] && got[1] == got[2])
            #expect(try vectors(try bench.embedder(), [copy]) == [got[0]])
        }
    }

    @Test func aRenamedFileIsFoundWithoutDecoding() throws {
        try withBench { bench in
            let made = try vectors(try bench.embedder(), bench.paths)
            let moved = bench.pictures.appendingPathComponent("moved.jpg")
            try FileManager.default.moveItem(atPath: bench.paths[0], toPath: moved.path)
            // No picture any more, but the same file by size and time of change.
            let size = try Data(contentsOf: moved).count
            let handle = try FileHandle(forWritingTo: moved)
            try handle.write(contentsOf: Data(repeating: 0, count: size))
            try handle.close()
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
                ofItemAtPath: moved.path
            )
            #expect(try vectors(try bench.embedder(), [moved.path]) == [made[0]])
        }
    }

    @Test func aChangedFileIsEncodedAnew() throws {
        try withBench { bench in
            let made = try vectors(try bench.embedder(), bench.paths)
            try bench.copyPicture("jwide.jpg", to: Self.names[0])
            let embedder = try bench.embedder()
            #expect(try vectors(embedder, [bench.paths[0]]) != [made[0]])
            #expect(embedder.counters == (encoded: 1, cached: 0))
        }
    }

    @Test func anotherEncoderAndAnotherCropAreOtherVectors() throws {
        try withBench { bench in
            _ = try vectors(try bench.embedder(), bench.paths)
            let other = try bench.embedder(Self.clip.appendingPathComponent("clip-laion-like"))
            _ = try vectors(other, bench.paths)
            #expect(other.counters == (encoded: 4, cached: 0))

            let crop = bench.folder.appendingPathComponent("crop")
            try FileManager.default.copyItem(
                at: Self.clip.appendingPathComponent("clip-openai-like"),
                to: crop
            )
            try #"{"size": 256, "crop_size": 224}"#.write(
                to: crop.appendingPathComponent("preprocessor_config.json"),
                atomically: true,
                encoding: .utf8
            )
            let cropping = try bench.embedder(crop)
            _ = try vectors(cropping, bench.paths)
            #expect(cropping.counters == (encoded: 4, cached: 0))
        }
    }

    @Test(arguments: ["cut", "changed"])
    func aDamagedFileIsSaidAndMadeAgain(_ damage: String) throws {
        try withBench { bench in
            let made = try vectors(try bench.embedder(), bench.paths)
            for file in try bench.files("vectors-") {
                var data = try Data(contentsOf: file)
                if damage == "cut" { data.removeLast(5) } else { data[data.count - 5] ^= 1 }
                try data.write(to: file)
            }
            let notes = Mutex<[String]>([])
            let embedder = try bench.embedder {
                if case .cacheDamaged(let note) = $0 { notes.withLock { $0.append(note) } }
            }
            #expect(try vectors(embedder, bench.paths) == made)
            #expect(embedder.counters == (encoded: 4, cached: 0))
            #expect(notes.withLock { $0.count } == 1)
            #expect(notes.withLock { $0[0] }.contains("made again"))
            let third = try bench.embedder()
            #expect(try vectors(third, bench.paths) == made)
            #expect(third.counters == (encoded: 0, cached: 4))
        }
    }

    @Test func filesOfAnotherEncoderAreRefusedWithBothNamed() throws {
        try withBench { bench in
            let other = try bench.embedder(Self.clip.appendingPathComponent("clip-laion-like"))
            _ = try vectors(other, bench.paths)
            let embedder = try bench.embedder()
            let stray = try #require(try bench.files("vectors-").first)
            let place = bench.cache
                .appendingPathComponent(String(embedder.provenance.digest.prefix(16)))
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: stray,
                to: place.appendingPathComponent(stray.lastPathComponent)
            )
            #expect {
                _ = try bench.embedder()
            } throws: { error in
                let message = "\(error)"
                return message.contains(String(other.provenance.digest.prefix(16)))
                    && message.contains(String(embedder.provenance.digest.prefix(16)))
            }
        }
    }

    @Test func whatIsFinishedSurvivesAnEarlyEnd() throws {
        try withBench { bench in
            struct Stop: Error {}
            let paths = bench.paths
            let embedder = try bench.embedder()
            #expect(throws: Stop.self) {
                try embedder.embed(
                    paths + ["no/such/file.jpg"],
                    deliver: { _, result in if case .success = result { throw Stop() } },
                    cancellation: Cancellation()
                )
            }
            let again = try bench.embedder()
            _ = try vectors(again, paths)
            #expect(again.counters.cached >= 1)
            #expect(again.counters.cached + again.counters.encoded == 4)
        }
    }

    @Test func picturesThatCannotBeReadAreFailuresOfTheirOwn() throws {
        try withBench { bench in
            let broken = bench.pictures.appendingPathComponent("broken.jpg")
            try Data("no picture".utf8).write(to: broken)
            let paths = [
                bench.paths[0], broken.path, "\(bench.folder.path)/none.jpg", bench.paths[1],
            ]
            var codes: [Int: String] = [:]
            try bench.embedder().embed(
                paths,
                deliver: { index, result in
                    if case .failure(let failure) = result { codes[index] = failure.code }
                },
                cancellation: Cancellation()
            )
            #expect(codes == [1: "image_unreadable", 2: "image_missing"])
        }
    }

    @Test func cancellationIsNoticed() throws {
        try withBench { bench in
            let cancellation = Cancellation()
            cancellation.cancel(signal: 15)
            #expect(throws: CancellationError.self) {
                try bench.embedder().embed(
                    bench.paths,
                    deliver: { _, _ in },
                    cancellation: cancellation
                )
            }
        }
    }

    @Test func manySmallFilesBecomeFew() throws {
        try withBench { bench in
            let made = try vectors(try bench.embedder(), bench.paths)
            // One file for each picture and time: vectors made one by one, then copied around.
            for number in 0..<70 {
                try bench.copyPicture("ppal.png", to: "p.png")
                let picture = bench.pictures.appendingPathComponent("p.png")
                try FileManager.default.setAttributes(
                    [
                        .modificationDate: Date(
                            timeIntervalSince1970: 1_500_000_000 + Double(number)
                        )
                    ],
                    ofItemAtPath: picture.path
                )
                _ = try vectors(try bench.embedder(), [picture.path])
            }
            #expect(try bench.files("files-").count <= 65)
            let embedder = try bench.embedder()
            #expect(try vectors(embedder, bench.paths) == made)
            #expect(embedder.counters == (encoded: 0, cached: 4))
        }
    }
}

extension EmbeddingCacheTests {
    @Test func aCutPictureThatWasLoadedIsAnErrorUnderTheOtherPolicy() throws {
        try withTemporaryDirectory { folder in
            let whole = try Data(
                contentsOf: referenceFixtures().appendingPathComponent("images/j420.jpg")
            )
            let cut = folder.appendingPathComponent("cut.jpg")
            try whole.prefix(whole.count * 2 / 3).write(to: cut)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
                ofItemAtPath: cut.path
            )
            func isEmbedded(_ loads: Bool) throws -> Bool {
                let embedder = try ClipEmbedder(
                    referenceFixtures().appendingPathComponent("clip/clip-openai-like").path,
                    options: ClipEmbedderOptions(
                        cacheFolder: folder.appendingPathComponent("cache").path,
                        loadsTruncatedImages: loads
                    )
                )
                var isEmbedded = false
                try embedder.embed(
                    [cut.path],
                    deliver: { if case .success = $1 { isEmbedded = true } },
                    cancellation: Cancellation()
                )
                return isEmbedded
            }
            #expect(try isEmbedded(true))
            #expect(try !isEmbedded(false))
            #expect(try isEmbedded(true))
        }
    }
}
