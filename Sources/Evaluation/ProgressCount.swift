internal import EvalCore

/// Counts what is durable, for progress.
struct ProgressCount {
    private var progress: RunProgress
    private var sum = 0.0
    private var scoredCount = 0
    private let clock = ContinuousClock()
    private var started: ContinuousClock.Instant

    init(run: String, total: Int, headline: String) {
        progress = RunProgress(
            run: run,
            total: total,
            finished: 0,
            failed: 0,
            computed: 0,
            seconds: 0,
            headlineName: headline
        )
        started = clock.now
    }

    var finished: Int { progress.finished }

    /// Counts a sample that an earlier process finished.
    mutating func addEarlier(_ record: SampleRecord) {
        progress.finished += 1
        if record.failure != nil { progress.failed += 1 }
        guard let score = record.scores.first(where: { $0.metric == progress.headlineName }) else {
            return
        }
        sum += score.value
        scoredCount += 1
        progress.headlineMean = sum / Double(scoredCount)
    }

    /// Starts the clock: what comes before (loading the model) is no part of the rate.
    mutating func start() { started = clock.now }

    /// Counts committed samples and tells about them.
    mutating func report(_ records: [SampleRecord], _ onEvent: (PipelineEvent) -> Void) {
        guard !records.isEmpty else { return }
        for record in records { addEarlier(record) }
        progress.computed += records.count
        progress.seconds = (clock.now - started) / .seconds(1)
        onEvent(.progress(progress))
    }
}
