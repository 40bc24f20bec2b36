import EvalCore
import ShotSelection
import TestSupport
import Testing

struct SimilarShotsTests {
    /// A digest of its own for each number.
    private func digest(_ number: Int) -> PixelDigest {
        PixelDigest((0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * $0 % 32)) })
    }

    private func similarShots(
        _ support: SupportSet,
        _ vectors: [[Float]],
        digests: [PixelDigest]? = nil
    ) throws -> SimilarShots {
        var builder = try EmbeddingIndexBuilder(
            count: vectors.count,
            width: vectors[0].count,
            memoryLimit: 1 << 20,
            folder: "/nowhere",
            threads: 1
        )
        for (position, vector) in vectors.enumerated() { try builder.set(position, vector) }
        return SimilarShots(
            support: support,
            index: try builder.finish(),
            pixelDigests: digests ?? vectors.indices.map { digest($0) }
        )
    }

    private func retrieval(
        _ sample: Sample,
        _ vector: [Float],
        digest number: Int = -1,
        contentDigests: [String] = []
    ) -> RetrievalQuery {
        RetrievalQuery(
            sample: sample,
            contentDigests: contentDigests,
            embedding: PictureEmbedding(pixelDigest: digest(number), vector: vector)
        )
    }

    /// Member 0 is most alike to `[1, 0]`, the last one least.
    private func fan(_ count: Int) -> [[Float]] {
        (0..<count).map { index in
            let cosine = 1 - Float(index) / Float(count)
            return [cosine, (1 - cosine * cosine).squareRoot()]
        }
    }

    @Test(arguments: [0, 1, 4, 16])
    func theMostSimilarStandsLast(count: Int) throws {
        let shots = try similarShots(supportSet(20), fan(20))
        let selection = try shots.select(count, for: [retrieval(query("1"), [1, 0])])[0]
        #expect(selection.indices == Array((0..<count).reversed()))
        #expect(selection.excludedCount == 0)
        let expected = (0..<count).reversed().map { 1 - Double($0) / 20 }
        let similarities = try #require(selection.similarities)
        #expect(similarities.count == count)
        #expect(zip(similarities, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test
    func fewerShotsAreTheEndOfMore() throws {
        let shots = try similarShots(
            supportSet(200),
            unitVectors(200, width: 9, seed: 1)
        )
        let queries = unitVectors(30, width: 9, seed: 2).enumerated().map {
            retrieval(query(String($0)), $1)
        }
        let many = try shots.select(32, for: queries)
        for count in [1, 2, 8, 16] {
            for (few, all) in zip(try shots.select(count, for: queries), many) {
                #expect(few.indices == Array(all.indices.suffix(count)))
                #expect(few.similarities == all.similarities?.suffix(count))
            }
        }
        for (query, all) in zip(queries, many) {
            #expect(try shots.select(32, for: [query]) == [all])
        }
    }

    @Test
    func ofEqualMembersTheFirstAreTaken() throws {
        let shots = try similarShots(supportSet(6), Array(repeating: [0, 1], count: 6))
        let selection = try shots.select(3, for: [retrieval(query("1"), [0, 1])])[0]
        #expect(selection.indices == [2, 1, 0])
    }

    @Test
    func membersThatShowTheQuerysPictureAreLeftOutAndCounted() throws {
        var support = supportSet(12, samplesPerImage: 2)
        support.items[5].contentDigests = ["abc"]
        var digests = (0..<12).map { digest($0) }
        digests[7] = digest(77)
        let shots = try similarShots(support, fan(12), digests: digests)
        let selections = try shots.select(
            4,
            for: [
                retrieval(query("by key", image: "0"), [1, 0]),
                retrieval(query("by file"), [1, 0], contentDigests: ["abc", "def"]),
                retrieval(query("by pixels"), [1, 0], digest: 77),
                retrieval(query("thrice", image: "2"), [1, 0], digest: 0, contentDigests: ["abc"]),
            ]
        )
        #expect(
            selections.map(\.indices) == [
                [5, 4, 3, 2], [3, 2, 1, 0], [3, 2, 1, 0], [6, 3, 2, 1],
            ]
        )
        // The key and the file name one member, the pixels another.
        #expect(selections.map(\.excludedCount) == [2, 1, 1, 3])
        let all = try shots.select(9, for: [retrieval(query("4", image: "2"), [1, 0], digest: 0)])
        #expect(Set(all[0].indices).isDisjoint(with: [0, 4, 5]))
    }

    @Test
    func moreShotsThanMembersIsAnErrorWithBothNumbers() throws {
        let shots = try similarShots(supportSet(5, samplesPerImage: 2), fan(5))
        let free = retrieval(query("1"), [1, 0])
        #expect(
            throws: ShotSelectionError.tooManyShots(
                asked: 6,
                available: 5,
                slice: "test-support"
            )
        ) { try shots.select(6, for: [free]) }
        #expect(
            throws: ShotSelectionError.tooManyShotsForQuery(
                asked: 4,
                available: 3,
                excluded: 2,
                slice: "test-support",
                query: "2"
            )
        ) { try shots.select(4, for: [free, retrieval(query("2", image: "1"), [1, 0])]) }
        #expect(try shots.select(5, for: [free])[0].indices == [4, 3, 2, 1, 0])
    }

    @Test
    func vectorsThatCannotBeComparedAreErrors() throws {
        let shots = try similarShots(supportSet(5), fan(5))
        #expect(
            throws: ShotSelectionError.embeddingWidth(of: "query q", expected: 2, got: 3)
        ) { try shots.select(1, for: [retrieval(query("q"), [1, 0, 0])]) }
        for vector in [[0, 0], [.nan, 1], [2, 0]] as [[Float]] {
            #expect(throws: ShotSelectionError.self) {
                try shots.select(1, for: [retrieval(query("q"), vector)])
            }
        }
    }

    @Test
    func selectorsByPictureCheckCountsAndShareThePair() throws {
        let selector = ShotSelector(
            rule: .rices,
            support: supportSet(5),
            seed: 42,
            task: "vqav2",
            split: "val"
        )
        try selector.check(5)
        #expect(
            throws: ShotSelectionError.tooManyShots(
                asked: 6,
                available: 5,
                slice: "test-support"
            )
        ) { try selector.check(6) }
        #expect(try selector.textOnlyPair(.samePair, for: query("1")).indices == [0, 1])
        #expect(try selector.textOnlyPair(.none, for: query("1")).indices == [])
    }
}
