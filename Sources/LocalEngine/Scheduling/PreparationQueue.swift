import Dispatch
import EvalCore

/// Requests being prepared on background threads, in the order in which they were added.
///
/// Decoding pictures and tokenising overlap with computing this way. One thread adds and takes.
final class PreparationQueue {
    /// A request with what came of its preparation.
    typealias Outcome = (number: Int, result: Result<PreparedRequest, SampleFailure>)

    private let preparation: RequestPreparation
    private let workers: OrderedWorkers<Outcome>
    private var pictureCounts: ArraySlice<Int> = []

    init(_ preparation: RequestPreparation, threads: Int) {
        self.preparation = preparation
        workers = OrderedWorkers(threads: threads)
    }

    var count: Int { workers.count }

    /// Pictures of all requests in the queue.
    private(set) var pictureCount = 0

    func add(_ request: EngineRequest) {
        pictureCounts.append(request.prompt.images.count)
        pictureCount += request.prompt.images.count
        workers.add { [preparation] in (request.number, preparation.prepare(request)) }
    }

    /// The first request if it is prepared by the end of the timeout; it stays in the queue.
    func first(within timeout: DispatchTimeInterval) -> Outcome? {
        workers.first(within: timeout)
    }

    /// Takes the first request out of the queue.
    func removeFirst() {
        workers.removeFirst()
        pictureCount -= pictureCounts.removeFirst()
    }

    /// Stops preparing and gives back what was prepared and not taken.
    func close() -> [PreparedRequest] {
        (pictureCounts, pictureCount) = ([], 0)
        return workers.close().compactMap { try? $0.result.get() }  // failures pin nothing
    }
}
