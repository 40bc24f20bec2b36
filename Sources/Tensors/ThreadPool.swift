import CKernels
import Foundation
import Synchronization

/// Threads that share loops with the caller.
///
/// A loop's iterations are handed out one by one by an atomic counter, so that a slow core holds
/// back no more than its own iteration; a thread that does not wake in time is not waited for.
/// Idle threads spin briefly, then park. Which thread runs an iteration must not matter to the
/// result: that is the caller's promise.
package final class ThreadPool: Sendable {
    /// Number of threads that compute, the caller's among them.
    package let threadCount: Int
    private let shared = Shared()
    /// Held while a loop runs: a second thread that comes along computes its loop alone.
    private let entrance = NSLock()

    /// Starts the threads.
    /// - Parameter threadCount: at least 1; the caller's own counts.
    /// - Precondition: `threadCount ≥ 1`.
    package init(threadCount: Int) {
        precondition(threadCount >= 1, "thread pool of \(threadCount)")
        self.threadCount = threadCount
        for _ in 1..<threadCount {
            let thread = Thread { [shared] in shared.serve() }
            thread.name = "compute"
            thread.start()
        }
    }

    deinit { shared.stop() }

    /// Runs `body` for `0..<count` in no particular order and returns when all are done.
    package func forEach(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard threadCount > 1, count > 1, entrance.try() else {
            for index in 0..<max(count, 0) { body(index) }
            return
        }
        defer { entrance.unlock() }
        let loop = Loop(count: count, body: body)
        shared.publish(loop)
        loop.run()
        shared.retract(loop)
    }

    /// Runs `body` for disjoint ranges that cover `0..<count`, each of at most `grain` iterations.
    package func forEachRange(
        _ count: Int,
        grain: Int,
        _ body: @escaping @Sendable (Range<Int>) -> Void
    ) {
        precondition(grain >= 1, "loop split into ranges of \(grain)")
        forEach((count + grain - 1) / grain) { index in
            body(index * grain..<min((index + 1) * grain, count))
        }
    }
}

/// One loop: the next iteration to run and who is at it.
private final class Loop: Sendable {
    private let count: Int
    private let body: @Sendable (Int) -> Void
    private let next = Atomic(0)
    /// Pool threads inside `run`; changed under the pool's lock, read without it.
    let helperCount = Atomic(0)

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.body = body
    }

    func run() {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }
}

/// What the pool's threads see and hold, so that the pool itself can die.
private final class Shared: Sendable {
    /// About 20 µs: longer than the gap between two operations, shorter than anyone would notice.
    private static let spinCount = 400

    private struct State {
        var loop: Loop?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let condition = NSCondition()
    /// Counts published loops and the stop; threads spin on it.
    private let generation = Atomic(0)
    /// Threads that wait for a change of `generation`, or of a loop's `helperCount`.
    private let parkedCount = Atomic(0)

    func publish(_ loop: Loop) {
        state.withLock { $0.loop = loop }
        generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
        wakeAll()
    }

    /// Ends a loop that has no iterations left, waiting for threads that are still inside one.
    func retract(_ loop: Loop) {
        state.withLock { $0.loop = nil }
        var spins = 0
        while loop.helperCount.load(ordering: .acquiring) > 0 {
            if spins < Self.spinCount {
                spins += 1
                ik_spin_hint()
                continue
            }
            // The helper has probably lost its core, perhaps to this thread.
            park { loop.helperCount.load(ordering: .sequentiallyConsistent) == 0 }
        }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
        wakeAll()
    }

    private func wakeAll() {
        guard parkedCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    /// A pool thread's life.
    func serve() {
        var seen = 0
        while true {
            seen = waitForChange(since: seen)
            let (loop, isStopped) = state.withLock { state in
                state.loop?.helperCount.wrappingAdd(1, ordering: .relaxed)
                return (state.loop, state.isStopped)
            }
            if isStopped { return }
            guard let loop else { continue }
            loop.run()
            loop.helperCount.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            wakeAll()
        }
    }

    private func waitForChange(since seen: Int) -> Int {
        for _ in 0..<Self.spinCount {
            let current = generation.load(ordering: .acquiring)
            if current != seen { return current }
            ik_spin_hint()
        }
        park { generation.load(ordering: .sequentiallyConsistent) != seen }
        return generation.load(ordering: .acquiring)
    }

    /// Sleeps until `isDone`; whoever makes it so calls `wakeAll` afterwards.
    ///
    /// The count of parked threads is raised before the last look and read after the change, so
    /// no wake-up is lost.
    private func park(until isDone: () -> Bool) {
        condition.lock()
        defer { condition.unlock() }
        parkedCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { parkedCount.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        while !isDone() { condition.wait() }
    }
}
