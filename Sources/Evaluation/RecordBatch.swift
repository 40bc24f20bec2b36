internal import EvalCore

/// Gathers finished samples and commits them together, at most every 50 ms.
///
/// A sample counts as done only once its batch is committed.
struct RecordBatch {
    private static let interval = Duration.milliseconds(50)
    private let recorder: any RunRecorder
    private let run: String
    private let clock = ContinuousClock()
    private var pending: [SampleRecord] = []
    private var lastCommit: ContinuousClock.Instant

    init(recorder: any RunRecorder, run: String) {
        self.recorder = recorder
        self.run = run
        lastCommit = clock.now - Self.interval
    }

    /// Takes a finished sample.
    mutating func add(_ record: SampleRecord) { pending.append(record) }

    /// Commits what there is if the last commit lies far enough back.
    /// - Returns: the samples that are durable now.
    mutating func commitIfDue() throws -> [SampleRecord] {
        guard !pending.isEmpty, clock.now - lastCommit >= Self.interval else { return [] }
        return try commit()
    }

    /// Commits what there is.
    /// - Returns: the samples that are durable now.
    mutating func commit() throws -> [SampleRecord] {
        guard !pending.isEmpty else { return [] }
        do {
            try recorder.record(pending, run: run)
        } catch {
            throw RecordingFailure(cause: error)
        }
        lastCommit = clock.now
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
    }
}

/// That a commit failed: nothing more can be told to the store.
struct RecordingFailure: Error {
    let cause: any Error
}
