import EvalCore
import ShotSelection
import Testing

struct ShotSelectorTests {
    private func selector(
        _ support: SupportSet,
        rule: SelectionRule = .random,
        seed: UInt64 = 42,
        task: String = "vqav2",
        split: String = "val2014"
    ) -> ShotSelector {
        ShotSelector(rule: rule, support: support, seed: seed, task: task, split: split)
    }

    @Test func randomShotsAreGolden() throws {
        // From a Python transcription: Fisher-Yates with the keyed generator.
        let selection = try selector(supportSet(2048)).select(8, for: query("262148000"))
        #expect(selection.indices == [1862, 808, 1626, 383, 1154, 578, 771, 200])
        let all = try selector(supportSet(5)).select(5, for: query("262148000"))
        #expect(all.indices == [4, 2, 0, 3, 1])
    }

    @Test(arguments: [0, 1, 2, 4, 8, 16, 32])
    func fewerShotsAreThePrefixOfMore(count: Int) throws {
        let selector = selector(supportSet(100, samplesPerImage: 3))
        for id in 0..<50 {
            let query = query(String(id), image: String(id % 40))
            let few = try selector.select(count, for: query).indices
            let many = try selector.select(64, for: query).indices
            #expect(few == Array(many.prefix(count)))
        }
    }

    @Test func shotsDependOnSeedTaskSplitAndQuery() throws {
        let support = supportSet(1000)
        let reference = try selector(support).select(8, for: query("1")).indices
        #expect(try selector(support, seed: 43).select(8, for: query("1")).indices != reference)
        #expect(try selector(support, task: "t").select(8, for: query("1")).indices != reference)
        #expect(try selector(support, split: "s").select(8, for: query("1")).indices != reference)
        #expect(try selector(support).select(8, for: query("2")).indices != reference)
        #expect(try selector(support).select(8, for: query("1")).indices == reference)
    }

    @Test func orderOfQueriesPlaysNoPart() throws {
        let support = supportSet(300)
        let one = selector(support)
        let ids = (0..<100).map(String.init)
        let forwards = try ids.map { try one.select(4, for: query($0)).indices }
        let backwards = try ids.reversed().map { try one.select(4, for: query($0)).indices }
        #expect(forwards == Array(backwards.reversed()))
    }

    @Test func shotsAreDistinctMembersWithoutTheQuerysPicture() throws {
        let selector = selector(supportSet(60, samplesPerImage: 5))
        for id in 0..<200 {
            let image = id % 12
            let selection = try selector.select(55, for: query(String(id), image: String(image)))
            #expect(selection.excludedCount == 5)
            #expect(Set(selection.indices).count == 55)
            #expect(!selection.indices.contains { $0 / 5 == image })
        }
    }

    @Test func picturesOfOtherNameSpacesAreOtherPictures() throws {
        let selection = try selector(supportSet(3)).select(
            3,
            for: query("1", image: "0", namespace: "nocaps")
        )
        #expect(selection.excludedCount == 0)
    }

    @Test func equalFilesAreExcludedWhateverTheirNames() throws {
        var support = supportSet(4)
        support.items[2].contentDigests = ["abc"]
        let selection = try selector(support).select(
            3,
            for: query("1"),
            contentDigests: ["abc"]
        )
        #expect(selection.excludedCount == 1)
        #expect(Set(selection.indices) == [0, 1, 3])
    }

    @Test func exclusionKeepsTheOrderOfTheOthers() throws {
        let selector = selector(supportSet(50))
        let free = try selector.select(50, for: query("q")).indices
        let bound = try selector.select(49, for: query("q", image: "7")).indices
        #expect(bound == free.filter { $0 != 7 })
    }

    @Test func everyMemberIsEquallyLikely() throws {
        let selector = selector(supportSet(10))
        var counts = [Int](repeating: 0, count: 10)
        for id in 0..<20_000 {
            for index in try selector.select(3, for: query(String(id))).indices {
                counts[index] += 1
            }
        }
        // Each count has mean 6,000 and standard deviation 64.8; five of them are 324.
        #expect(counts.allSatisfy { abs($0 - 6000) < 324 })
    }

    @Test func moreShotsThanMembersIsAnErrorWithBothNumbers() throws {
        #expect(
            throws: ShotSelectionError.tooManyShots(
                asked: 6,
                available: 5,
                slice: "test-support"
            )
        ) { try selector(supportSet(5)).select(6, for: query("1")) }
        #expect(
            throws: ShotSelectionError.tooManyShotsForQuery(
                asked: 5,
                available: 3,
                excluded: 2,
                slice: "test-support",
                query: "1"
            )
        ) {
            try selector(supportSet(5, samplesPerImage: 2)).select(5, for: query("1", image: "1"))
        }
    }

    @Test func fixedShotsKeepTheListsOrder() throws {
        let selector = selector(supportSet(6), rule: .fixed)
        #expect(try selector.select(3, for: query("1")).indices == [0, 1, 2])
        #expect(try selector.select(3, for: query("1", image: "1")).indices == [0, 2, 3])
    }

    @Test func noneHasNoShotsAndRefusesThem() throws {
        let empty = SupportSet(items: [], requestedCount: 0, slice: "", digest: "")
        let selector = selector(empty, rule: .none)
        #expect(try selector.select(0, for: query("1")).indices == [])
        #expect(try selector.textOnlyPair(.samePair, for: query("1")).indices == [])
        #expect(throws: ShotSelectionError.selectionIsNone(asked: 1)) {
            try selector.select(1, for: query("1"))
        }
    }

    @Test func samePairIsTheFirstTwoWhateverTheirPictures() throws {
        let selector = selector(supportSet(9))
        for image in 0..<9 {
            let pair = try selector.textOnlyPair(
                .samePair,
                for: query(String(image), image: String(image))
            )
            #expect(pair.indices == [0, 1])
        }
    }

    @Test func pairPerQueryIsDrawnForEachQuery() throws {
        let selector = selector(supportSet(1000))
        let pairs = try (0..<20).map {
            try selector.textOnlyPair(.pairPerQuery, for: query(String($0))).indices
        }
        #expect(pairs.allSatisfy { $0.count == 2 })
        #expect(Set(pairs).count == 20)
        #expect(try selector.select(2, for: query("3")).indices == pairs[3])
    }

    @Test func noPictureExcludesAPair() throws {
        let selector = selector(supportSet(2))
        let pair = try selector.textOnlyPair(.pairPerQuery, for: query("1", image: "0"))
        #expect(Set(pair.indices) == [0, 1])
    }

    @Test(arguments: [ZeroShotRule.samePair, .pairPerQuery])
    func aPairNeedsTwoMembers(rule: ZeroShotRule) throws {
        #expect(throws: ShotSelectionError.tooFewForPair(available: 1, slice: "test-support")) {
            try selector(supportSet(1)).textOnlyPair(rule, for: query("1"))
        }
        #expect(try selector(supportSet(0)).textOnlyPair(.none, for: query("1")).indices == [])
    }
}
