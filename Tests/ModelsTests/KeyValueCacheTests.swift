import Models
import Tensors
import TestSupport
import Testing

@Suite struct KeyValueCacheTests {
    private let tokens: [Int32] = [1, 5, 9, 14, 20, 33, 47, 60, 88, 100]

    private func makeModel() throws -> IdeficsModel {
        try OddCheckpoint("odd", CPUBackend(precision: .f32, threads: 1)).model
    }

    private func run(
        _ model: IdeficsModel,
        _ tokens: some Collection<Int32>,
        _ cache: KeyValueCache
    ) -> [Float] {
        model.logits(
            Array(tokens),
            tokens.map { _ in -1 },
            [],
            rows: .last,
            cache: cache
        ).floats()
    }

    @Test func truncatedPositionsAreForgotten() throws {
        let model = try makeModel()
        let cache = model.makeCache()
        _ = run(model, tokens[..<4] + [90, 91, 92], cache)
        cache.truncate(to: 4)
        #expect(cache.count == 4)
        let got = run(model, tokens[4...], cache)
        #expect(got == run(model, tokens, model.makeCache()))
    }

    @Test func forksDivergeWithoutDisturbingEachOther() throws {
        let model = try makeModel()
        let cache = model.makeCache()
        _ = run(model, tokens[..<5], cache)
        let (left, right) = (cache.fork(), cache.fork())
        _ = run(model, [70, 71], left)
        let got = run(model, tokens[5...], right)
        #expect(got == run(model, tokens, model.makeCache()))
        #expect((left.count, right.count, cache.count) == (7, 10, 5))
        #expect((right.prefixCount, right.ownCount) == (5, 5))
    }

    @Test func aForkDoesNotSeeWhatItsParentGetsLater() throws {
        let model = try makeModel()
        let cache = model.makeCache()
        _ = run(model, tokens[..<5], cache)
        let fork = cache.fork()
        // Enough to make the parent move to larger memory.
        for _ in 0..<8 { _ = run(model, tokens, cache) }
        #expect(run(model, tokens[5...], fork) == run(model, tokens, model.makeCache()))
    }

    @Test func aForkOfAnUntouchedForkIsNoLongerChain() throws {
        let model = try makeModel()
        let cache = model.makeCache()
        _ = run(model, tokens[..<5], cache)
        let second = cache.fork().fork()
        #expect(second.prefix === cache)
        #expect(run(model, tokens[5...], second) == run(model, tokens, model.makeCache()))
    }

    @Test func aForkMayStartInsideTheParentOrItsPrefix() throws {
        let model = try makeModel()
        let cache = model.makeCache(expecting: 30)
        _ = run(model, tokens[..<4], cache)
        let fork = cache.fork()
        _ = run(model, tokens[4..<7] + [90, 91], fork)
        let expected = run(model, tokens, model.makeCache())
        for position in [0, 2, 4, 5, 7] {
            let inner = fork.fork(at: position)
            #expect(inner.count == position)
            #expect(inner.prefix === (position > 4 ? fork : cache))
            #expect(run(model, tokens[position...], inner) == expected, "at \(position)")
        }
    }

    @Test func copiesDivergeWithoutDisturbingEachOther() throws {
        let model = try makeModel()
        let prompt = model.makeCache()
        _ = run(model, tokens[..<3], prompt)
        let beam = prompt.fork()
        _ = run(model, tokens[3..<6], beam)
        let twin = beam.copy(with: model.backend)
        _ = run(model, [70, 71], beam)
        #expect(twin.prefix === prompt)
        #expect(run(model, tokens[6...], twin) == run(model, tokens, model.makeCache()))
    }

    @Test func anEmptyCacheCanBeForkedAndCopied() throws {
        let model = try makeModel()
        let cache = model.makeCache()
        #expect(cache.byteCount == 0)
        let expected = run(model, tokens, model.makeCache())
        #expect(run(model, tokens, cache.fork()) == expected)
        #expect(run(model, tokens, cache.copy(with: model.backend)) == expected)
    }

    @Test func sharedPositionsCannotBeForgotten() async {
        await #expect(processExitsWith: .failure) {
            let backend = try CPUBackend(precision: .f32, threads: 1)
            let model = try OddCheckpoint("odd", backend).model
            let cache = model.makeCache()
            _ = model.logits([1, 2, 3], [-1, -1, -1], [], cache: cache)
            _ = cache.fork()
            cache.truncate(to: 2)
        }
    }
}
