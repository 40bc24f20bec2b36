import Models
import Tensors
import TestSupport
import Testing

/// What a packed batch may hold; everything else is our own bug and traps.
@Suite struct PackedBatchTests {
    @Test func rowsOfSequencesFollowEachOther() throws {
        let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
        var batch = PackedBatch()
        for count in [3, 1, 2] {
            batch.append(
                tokens: .init(repeating: 4, count: count),
                cache: model.makeCache(),
                imageIndex: .init(repeating: -1, count: count),
                images: [],
                requestedRows: .last
            )
        }
        #expect(batch.sequences.map(\.rows) == [0..<3, 3..<4, 4..<6])
        #expect(batch.tokens.count == 6)
        #expect(batch.requestedRowCount == 3)
    }

    @Test func nothingRequestedGivesNoRowsButFillsTheCache() throws {
        let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
        let cache = model.makeCache()
        let logits = model.logits([1, 2], [-1, -1], [], rows: .none, cache: cache)
        #expect(logits.shape == [0, model.logitCount])
        #expect(cache.count == 2)
    }

    @Test func aTokenOutsideTheVocabularyTraps() async {
        await #expect(processExitsWith: .failure) {
            let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
            _ = model.logits([102], [-1], [])
        }
    }

    @Test func anImageThatIsNotThereTraps() async {
        await #expect(processExitsWith: .failure) {
            let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
            _ = model.logits([1], [0], [])
        }
    }

    @Test func oneCacheInTwoSequencesTraps() async {
        await #expect(processExitsWith: .failure) {
            let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
            let cache = model.makeCache()
            var batch = PackedBatch()
            for _ in 0..<2 {
                batch.append(
                    tokens: [1],
                    cache: cache,
                    imageIndex: [-1],
                    images: [],
                    requestedRows: .last
                )
            }
        }
    }

    @Test func rowsOutOfOrderTrap() async {
        await #expect(processExitsWith: .failure) {
            let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
            _ = model.logits([1, 2], [-1, -1], [], rows: .list([1, 0]))
        }
    }

    @Test func anImageOfAnotherSizeTraps() async {
        await #expect(processExitsWith: .failure) {
            let model = try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
            _ = model.encodeImages([[0, 0, 0]])
        }
    }
}
