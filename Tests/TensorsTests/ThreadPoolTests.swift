import Dispatch
import Synchronization
import Tensors
import Testing

private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ amount: Int) { count.wrappingAdd(amount, ordering: .relaxed) }
}

struct ThreadPoolTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1000])
    func everyIterationRunsOnce(threads: Int, count: Int) {
        let pool = ThreadPool(threadCount: threads)
        for _ in 0..<20 {
            let seen = Mutex([Int](repeating: 0, count: count))
            pool.forEach(count) { index in seen.withLock { $0[index] += 1 } }
            #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
        }
    }

    @Test
    func rangesCoverTheLoopWithoutOverlap() {
        let pool = ThreadPool(threadCount: 2)
        for (count, grain) in [(10, 3), (9, 3), (1, 5), (0, 4), (100, 1)] {
            let seen = Mutex([Int](repeating: 0, count: count))
            pool.forEachRange(count, grain: grain) { range in
                #expect(range.count <= grain)
                seen.withLock { seen in range.forEach { seen[$0] += 1 } }
            }
            #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
        }
    }

    @Test
    func loopsInsideLoopsFinish() {
        let pool = ThreadPool(threadCount: 3)
        let total = Counter()
        pool.forEach(50) { _ in pool.forEach(10) { _ in total.add(1) } }
        #expect(total.value == 500)
    }

    @Test
    func loopsFromSeveralThreadsFinish() {
        let pool = ThreadPool(threadCount: 3)
        let total = Counter()
        let finished = DispatchGroup()
        for _ in 0..<4 {
            DispatchQueue.global().async(group: finished) {
                for _ in 0..<50 { pool.forEach(10) { _ in total.add(1) } }
            }
        }
        finished.wait()
        #expect(total.value == 2000)
    }

    @Test
    func poolsComeAndGo() {
        for _ in 0..<50 {
            let pool = ThreadPool(threadCount: 3)
            let sum = Counter()
            pool.forEach(4) { sum.add($0) }
            #expect(sum.value == 6)
        }
    }

    @Test
    func quotasRoundUpToWholeProcessors() {
        #expect(ProcessorCount.processors(quota: 150_000, period: 100_000) == 2)
        #expect(ProcessorCount.processors(quota: 50_000, period: 100_000) == 1)
        #expect(ProcessorCount.processors(quota: 200_000, period: 100_000) == 2)
        #expect(ProcessorCount.processors(quota: -1, period: 100_000) == nil)
        #expect(ProcessorCount.processors(quota: .max, period: 2) == nil)
        #expect(ProcessorCount.available >= 1)
    }
}
