import Dispatch
import Foundation
import Synchronization

/// Work that is done ahead on background threads and taken in the order in which it was added.
///
/// One thread adds and takes.
final class OrderedWorkers<Output: Sendable> {
    private final class Job: Sendable {
        let output = Mutex<Output?>(nil)
        let isDone = DispatchSemaphore(value: 0)
    }

    private let workers = OperationQueue()
    private var jobs: ArraySlice<Job> = []

    init(threads: Int) { workers.maxConcurrentOperationCount = threads }

    /// Pieces of work that were added and not taken.
    var count: Int { jobs.count }

    func add(_ work: @escaping @Sendable () -> Output) {
        let job = Job()
        jobs.append(job)
        workers.addOperation {
            let output = work()
            job.output.withLock { $0 = output }
            job.isDone.signal()
        }
    }

    /// What the first piece of work made, if it is done by the end of the timeout; it stays in place.
    func first(within timeout: DispatchTimeInterval) -> Output? {
        guard let job = jobs.first else { return nil }
        if let output = job.output.withLock({ $0 }) { return output }
        guard job.isDone.wait(timeout: .now() + timeout) == .success else { return nil }
        return job.output.withLock { $0 }
    }

    /// Waits for the first piece of work and takes what it made; nil if there is none.
    func takeFirst() -> Output? {
        guard let job = jobs.popFirst() else { return nil }
        if let output = job.output.withLock({ $0 }) { return output }
        job.isDone.wait()
        return job.output.withLock { $0 }
    }

    /// Takes the first piece of work out of the queue.
    func removeFirst() { jobs.removeFirst() }

    /// Stops working and gives back what was made and not taken.
    func close() -> [Output] {
        workers.cancelAllOperations()
        workers.waitUntilAllOperationsAreFinished()
        defer { jobs = [] }
        return jobs.compactMap { job in job.output.withLock { $0 } }
    }
}
