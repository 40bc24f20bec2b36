import EvalCore
import Foundation
import Images
import LocalEngine
import TestSupport
import Testing

/// What an embedder makes of files, and what it makes only once.
struct CachingEmbedderTests {
    private func withBench(_ body: (EmbeddingBench) throws -> Void) throws {
        try withTemporaryDirectory { try body(EmbeddingBench($0)) }
    }

    @Test func vectorsDependOnThePictureAlone() throws {
        try withBench { bench in
            let paths = try bench.write(count: 40)
            let together = try bench.embed(paths)
            var noise = Noise(seed: 1)
            for threads in [1, 4] {
                bench.threads = threads
                let order = paths.indices.shuffled(using: &noise)
                try FileManager.default.removeItem(at: bench.cache)
                let embedder = try bench.embedder(PixelSumEncoder())
                // One picture first, then all: other batches.
                let first = try results(embedder, [paths[7]])
                #expect(first == [together[7]])
                let others = try results(embedder, order.map { paths[$0] })
                #expect(others == order.map { together[$0] })
            }
            #expect(Set(try together.map { try $0.get().pixelDigest }).count == 40)
        }
    }

    @Test func theSecondTimeNothingIsDecodedNorEncoded() throws {
        try withBench { bench in
            let paths = try bench.write(count: 20)
            let first = try bench.embed(paths)
            #expect(bench.progress?.encoded == 20)
            // Bytes that are no picture, under the same number, size and time: nobody may look.
            for (color, _) in paths.enumerated() {
                try bench.write("\(color).png", PlainPNG.bytes(color).map { _ in 0 })
            }
            for name in ["0.png", "1.png"] {
                try FileManager.default.moveItem(
                    atPath: bench.path(name),
                    toPath: bench.path("renamed-\(name)")
                )
            }
            let renamed = ["renamed-0.png", "renamed-1.png"].map(bench.path) + paths[2...]
            let encoder = PixelSumEncoder()
            let embedder = try bench.embedder(encoder)
            #expect(try results(embedder, renamed) == first)
            #expect(encoder.encodedCount == 0)
            #expect(embedder.counters == (encoded: 0, cached: 20))
            #expect(bench.progress?.finished == 20 && bench.progress?.encoded == 0)
        }
    }

    @Test func aCopyIsNotEncodedAgain() throws {
        try withBench { bench in
            let paths = try bench.write(count: 3)
            let first = try bench.embed(paths)
            let copies = try (0..<3).map { try bench.write("copy-\($0).png", $0) }
            let encoder = PixelSumEncoder()
            #expect(try bench.embed(copies, encoder) == first)
            #expect(encoder.encodedCount == 0)
        }
    }

    @Test func equalPathsAndEqualPicturesAreEncodedOnce() throws {
        try withBench { bench in
            let paths = try [bench.write("a.png", 1), bench.write("b.png", 1), bench.path("a.png")]
            let encoder = PixelSumEncoder()
            let results = try bench.embed(paths + paths, encoder)
            #expect(Set(results.map { try? $0.get() }).count == 1)
            #expect(encoder.encodedCount == 1)
            #expect(bench.progress?.finished == 6 && bench.progress?.total == 6)
        }
    }

    @Test func aChangedFileIsEncodedAgain() throws {
        try withBench { bench in
            let path = try bench.write("a.png", 1)
            let before = try bench.embed([path])
            try bench.write("a.png", 2, age: 1800)
            #expect(try bench.embed([path]) != before)
            #expect(try bench.encodedCount([path]) == 0)
        }
    }

    @Test func aFileThatJustChangedIsReadAgain() throws {
        try withBench { bench in
            // Changed twice within a tick of the clock: number, size and time are the same.
            let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.up))
            let path = try bench.write("a.png", PlainPNG.bytes(1), changed: now)
            let before = try bench.embed([path])
            try bench.write("a.png", PlainPNG.bytes(2), changed: now)
            #expect(try bench.embed([path]) != before)
        }
    }

    @Test func anotherEncoderKnowsNothing() throws {
        try withBench { bench in
            let paths = try bench.write(count: 4)
            #expect(try bench.encodedCount(paths) == 4)
            #expect(try bench.encodedCount(paths, digest: "b") == 4)
            #expect(try bench.encodedCount(paths) == 0)
        }
    }

    @Test func whatCannotBeEmbeddedFailsAloneAndEachTime() throws {
        try withBench { bench in
            let good = try bench.write("good.png", 5)
            let cut = try bench.write("cut.png", Array(PlainPNG.bytes(1).prefix(60)))
            let text = try bench.write("text.png", Array("no picture".utf8))
            let white = try bench.write("white.png", 0xffffff)
            let paths = [bench.path("none.png"), cut, good, text, white, bench.pictures.path]
            for encoded in [1, 0] {
                let results = try bench.embed(paths)
                let codes = results.map { result in
                    if case .failure(let failure) = result { failure.code } else { "" }
                }
                #expect(
                    codes == [
                        "image_missing", "image_unreadable", "", "image_unreadable",
                        "embedding_invalid", "image_unreadable",
                    ]
                )
                #expect(bench.progress?.failed == 5 && bench.progress?.encoded == encoded)
            }
        }
    }

    @Test func aTruncatedPictureThatWasAcceptedIsStillRefused() throws {
        let whole = try Data(
            contentsOf: referenceFixtures().appendingPathComponent("images/j420.jpg")
        )
        try withBench { bench in
            let path = try bench.write("cut.jpg", Array(whole.prefix(whole.count / 2)))
            bench.truncatedImages = .load
            #expect(try bench.encodedCount([path]) == 1)
            bench.truncatedImages = .error
            #expect(throws: SampleFailure.self) { try bench.embed([path])[0].get() }
            bench.truncatedImages = .load
            #expect(try bench.encodedCount([path]) == 0)
        }
    }

    @Test func anErrorOfTheCallerKeepsWhatWasComputed() throws {
        struct Enough: Error {}
        try withBench { bench in
            let paths = try bench.write(count: 16)
            let embedder = try bench.embedder(PixelSumEncoder())
            #expect(throws: Enough.self) {
                try embedder.embed(
                    paths,
                    deliver: { _, _ in throw Enough() },
                    cancellation: Cancellation()
                )
            }
            #expect(try bench.encodedCount(paths) == 0)
        }
    }

    @Test func anErrorOfTheEncoderKeepsTheBatchesBefore() throws {
        try withBench { bench in
            let paths = try bench.write(count: 40)
            let encoder = PixelSumEncoder()
            encoder.failsAfter = 32
            #expect(throws: PixelSumEncoder.Failure.self) { try bench.embed(paths, encoder) }
            #expect(try bench.encodedCount(paths) == 8)
        }
    }

    @Test func cancellingKeepsWhatWasDelivered() throws {
        try withBench { bench in
            let paths = try bench.write(count: 100)
            let cancellation = Cancellation()
            var delivered = 0
            let embedder = try bench.embedder(PixelSumEncoder())
            #expect(throws: CancellationError.self) {
                try embedder.embed(
                    paths,
                    deliver: { _, _ in
                        delivered += 1
                        cancellation.cancel(signal: 2)
                    },
                    cancellation: cancellation
                )
            }
            #expect(delivered > 0 && delivered < 100)
            #expect(try bench.encodedCount(paths) == 100 - delivered)
        }
    }
}
