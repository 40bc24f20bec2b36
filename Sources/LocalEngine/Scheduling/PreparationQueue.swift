import Dispatch
import EvalCore
import Foundation
import Synchronization

/// Requests being prepared on background threads, in the order in which they were added.
///
/// Decoding pictures and tokenising overlap with computing this way. One thread adds and takes.
final class PreparationQueue {
    /// One request's way through a background thread.
    private final class Job: Sendable {
        let number: Int
        let pictureCount: Int
        let outcome = Mutex<Result<PreparedRequest, SampleFailure>?>(nil)
        let isDone = DispatchSemaphore(value: 0)

        init(_ request: EngineRequest) {
            number = request.number
            pictureCount = request.prompt.images.count
        }
    }

    /// A request with what came of its preparation.
    typealias Outcome = (number: Int, result: Result<PreparedRequest, SampleFailure>)

    private let preparation: RequestPreparation
    private let workers = OperationQueue()
    private var jobs: ArraySlice<Job> = []
    private(set) var pictureCount = 0

    init(_ preparation: RequestPreparation, threads: Int) {
        self.preparation = preparation
        workers.maxConcurrentOperationCount = threads
    }

    var count: Int { jobs.count }

    func add(_ request: EngineRequest) {
        let job = Job(request)
        jobs.append(job)
        pictureCount += job.pictureCount
        let preparation = preparation
        workers.addOperation {
            let result = preparation.prepare(request)
            job.outcome.withLock { $0 = result }
            job.isDone.signal()
        }
    }

    /// The first request if it is prepared by the end of the timeout; it stays in the queue.
    func first(within timeout: DispatchTimeInterval) -> Outcome? {
        guard let job = jobs.first else { return nil }
        if let result = job.outcome.withLock({ $0 }) { return (job.number, result) }
        guard job.isDone.wait(timeout: .now() + timeout) == .success else { return nil }
        return job.outcome.withLock { $0 }.map { (job.number, $0) }
    }

    /// Takes the first request out of the queue.
    func removeFirst() {
        pictureCount -= jobs.removeFirst().pictureCount
    }

    /// Stops preparing and gives back what was prepared and not taken.
    func close() -> [PreparedRequest] {
        workers.cancelAllOperations()
        workers.waitUntilAllOperationsAreFinished()
        defer { jobs = [] }
        return jobs.compactMap { job in
            guard case .success(let request)? = job.outcome.withLock({ $0 }) else { return nil }
            return request
        }
    }
}
