import EvalCore
import Foundation
import Tasks
import TestSupport
import Testing

struct SliceTests {
    /// Runs `body` with a reader over `train` and ten val rows.
    private func withReader<Value>(
        train: some Sequence<Int>,
        _ body: (DatasetReader) throws -> Value
    ) throws -> Value {
        try withTemporaryDirectory { folder in
            try writeSmallRoot(train: train, val: 1000..<1010, in: folder)
            return try body(DatasetReader(task: try definition(smallTaskFile), root: folder.path))
        }
    }

    private func support(
        _ reader: DatasetReader,
        of split: String,
        size: Int? = nil,
        seed: UInt64 = 42
    ) throws -> SupportPool {
        try reader.support(for: try reader.split(split, seed: seed), size: size, seed: seed)
    }

    private func ids(_ split: DatasetSplit) -> [String] {
        (0..<split.count).map { split.samples.id(at: $0) }
    }

    @Test func slicesAreDisjointAndOfTheirSize() throws {
        try withReader(train: 0..<60) { reader in
            let queries = try reader.split("val-query", seed: 42)
            let valSupport = try support(reader, of: "val-query").set
            let testSupport = try support(reader, of: "val").set
            #expect(queries.count == 10)
            #expect(valSupport.items.count == 20)
            #expect(testSupport.items.count == 30)
            let all =
                ids(queries) + valSupport.items.map(\.id) + testSupport.items.map(\.id)
            #expect(Set(all).count == 60)
            #expect(valSupport.slice == "val-support")
            #expect(testSupport.slice == "test-support")
        }
    }

    @Test func queriesOfASliceComeInFileOrder() throws {
        try withReader(train: (0..<200).reversed()) { reader in
            let split = try reader.split("val-query", seed: 42)
            let numbers = ids(split).compactMap { Int($0) }
            #expect(numbers == numbers.sorted(by: >))
            for (index, id) in ids(split).enumerated() {
                #expect(split.samples.index(of: id) == index)
                #expect(split.samples.sample(at: index).index == index)
                #expect(split.samples.sample(at: index).id == id)
            }
            let outside = (0..<200).first { !numbers.contains($0) }
            #expect(split.samples.index(of: String(outside ?? 0)) == nil)
        }
    }

    @Test func theSeedDecides() throws {
        try withReader(train: 0..<200) { reader in
            #expect(
                try ids(reader.split("val-query", seed: 1))
                    != ids(reader.split("val-query", seed: 2))
            )
            let first = try support(reader, of: "val", seed: 1).set
            let second = try support(reader, of: "val", seed: 2).set
            #expect(first.digest != second.digest)
            #expect(try support(reader, of: "val", seed: 1).set == first)
        }
    }

    @Test func theOrderOfTheFilePlaysNoPart() throws {
        let forwards = try withReader(train: 0..<100) {
            try support($0, of: "val").set.items.map(\.id)
        }
        let backwards = try withReader(train: (0..<100).reversed()) {
            try support($0, of: "val").set.items.map(\.id)
        }
        #expect(forwards == backwards)
    }

    @Test func supportSetsAreGolden() throws {
        // From a Python transcription: ids ordered by the first draw of their keyed generator.
        try withReader(train: 0..<100) { reader in
            let ids = try support(reader, of: "val").set.items.prefix(6).map(\.id)
            #expect(ids == ["13", "86", "35", "32", "62", "65"])
        }
    }

    @Test func aSmallerSupportSetIsTheBeginningOfALarger() throws {
        try withReader(train: 0..<100) { reader in
            let few = try support(reader, of: "val", size: 7).set
            let some = try support(reader, of: "val").set
            let many = try support(reader, of: "val", size: 1000).set
            #expect(few.items.map(\.id) == some.items.prefix(7).map(\.id))
            #expect(some.items.map(\.id) == many.items.prefix(30).map(\.id))
            #expect(many.requestedCount == 1000)
            // All but the ten rows of the query slice.
            #expect(many.items.count == 90)
            let queries = Set(ids(try reader.split("val-query", seed: 42)))
            #expect(many.items.allSatisfy { !queries.contains($0.id) })
        }
    }

    @Test func withTooFewRowsEachSliceIsTheWholeAndASubset() throws {
        try withReader(train: 0..<59) { reader in
            let queries = try reader.split("val-query", seed: 42)
            #expect(queries.count == 59)
            #expect(queries.isSubset)
            let pool = try support(reader, of: "val")
            #expect(pool.set.items.count == 30)
            #expect(pool.set.slice == "train")
            #expect(pool.isSubset)
        }
    }

    @Test func aSupportSetMayHaveFewerThanAsked() throws {
        try withReader(train: 0..<12) { reader in
            let set = try support(reader, of: "val").set
            #expect(set.items.count == 12)
            #expect(set.requestedCount == 30)
        }
    }

    @Test(arguments: [0, -1, Int.min]) func aSupportSetHasMembers(size: Int) throws {
        try withReader(train: 0..<12) { reader in
            _ = #expect(throws: TasksError.self) { try support(reader, of: "val", size: size) }
        }
    }

    @Test func supportItemsNameTheirSamples() throws {
        try withReader(train: 0..<100) { reader in
            let pool = try support(reader, of: "val")
            for (position, item) in pool.set.items.enumerated() {
                let sample = pool.sample(position)
                #expect(sample.id == item.id)
                #expect(sample.index == item.index)
                #expect(item.imageKeys == ["n/\((Int(item.id) ?? 0) / 2)"])
            }
        }
    }

    @Test func aWholeSplitMayServeAsSupport() throws {
        try withReader(train: 0..<40) { reader in
            let set = try support(reader, of: "test").set
            #expect(Set(set.items.map(\.id)) == Set((0..<40).map(String.init)))
            #expect(set.items.map(\.index) != Array(0..<40))
            #expect(
                try support(reader, of: "test", size: 5).set.items == Array(set.items.prefix(5))
            )
        }
    }

    @Test func aSplitWithoutSupportIsNotEvaluated() throws {
        try withReader(train: 0..<40) { reader in
            let error = #expect(throws: TasksError.self) { try support(reader, of: "train") }
            #expect(error?.description.contains("evaluate one of: val, test, val-query") == true)
        }
    }

    @Test func unlabelledSamplesCannotBeShots() throws {
        try withTemporaryDirectory { folder in
            try writeSmallRoot(train: 0..<4, val: 0..<4, in: folder)
            let task = try definition(
                smallTask("support: test-support", "support: test")
            )
            let reader = DatasetReader(task: task, root: folder.path)
            let error = #expect(throws: TasksError.self) { try support(reader, of: "val") }
            #expect(error?.description.contains("has no labels") == true)
        }
    }

    @Test func aListNamesItsMembersInOrder() throws {
        try withTemporaryDirectory { folder in
            try writeSmallRoot(train: 0..<10, val: 100..<110, in: folder)
            let reader = DatasetReader(task: try definition(smallTaskFile), root: folder.path)
            let split = try reader.split("val", seed: 1)
            func pool(_ list: String) throws -> SupportPool {
                try write(list, to: "list.txt", in: folder)
                return try reader.support(
                    for: split,
                    listedIn: folder.path + "/list.txt",
                    seed: 1
                )
            }
            #expect(try pool("7\n\n3\r\n5").set.items.map(\.id) == ["7", "3", "5"])
            #expect(try pool("7\n3").set.digest != pool("3\n7").set.digest)
            for (list, words) in [
                ("7\n11", ":2: \"11\" is no id"), ("7\n8\n7", ":3: \"7\" stands"),
            ] {
                let error = #expect(throws: TasksError.self) { try pool(list) }
                #expect(error?.description.contains(words) == true)
            }
        }
    }
}
