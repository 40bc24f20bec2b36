internal import EvalCore
internal import Scoring
internal import Tasks

/// The work on one opened run: pulls queries, takes answers, commits records, makes the aggregates.
struct RunExecution {
    private let source: QuerySource
    private let plan: RunPlan
    private let recorder: any RunRecorder & RunReader
    private let onEvent: (RunEvent) -> Void
    private let metrics: [Metric]
    private var scoring: AnswerScoring
    private var failures: FailureLimit
    private var inFlight: [Int: (record: SampleRecord, query: Query)] = [:]

    init(
        _ source: QuerySource,
        plan: RunPlan,
        recorder: any RunRecorder & RunReader,
        onEvent: @escaping (RunEvent) -> Void
    ) throws {
        self.source = source
        self.plan = plan
        self.recorder = recorder
        self.onEvent = onEvent
        let request = source.request
        metrics = try request.task.scoringMetrics()
        scoring = try AnswerScoring(
            request.task,
            promptProtocol: request.promptProtocol,
            hasLabels: source.split.hasLabels
        )
        failures = FailureLimit(request.onError, sampleCount: plan.sampleCount)
    }

    /// Works until the run is done, cancelled or broken.
    /// - Returns: the failure that ended the run, nil if it is done or interrupted.
    /// - Throws: errors of engine and store.
    mutating func run(
        _ opened: OpenedRun,
        load: () throws -> EvaluationPipeline.LoadedEngine,
        submissionPath: (String) throws -> String,
        cancellation: Cancellation
    ) throws -> EvaluationError? {
        var batch = RecordBatch(recorder: recorder, run: opened.run)
        do {
            var progress = try startProgress(opened)
            onEvent(.opened(run: opened.run, plan: plan, finished: progress.finished))
            try compute(opened, load: load, &batch, &progress, cancellation)
            progress.report(try batch.commit(), onEvent)
            try finish(opened.run, submissionPath: submissionPath)
            return nil
        } catch let error as RecordingFailure {
            throw error.cause  // the store is what failed: there is nothing to be told to it
        } catch {
            _ = try batch.commit()
            return try end(opened.run, because: error, cancellation)
        }
    }

    /// Records how a run ended early.
    private func end(
        _ run: String,
        because error: any Error,
        _ cancellation: Cancellation
    ) throws -> EvaluationError? {
        if error is CancellationError {
            let signal = cancellation.signal.map { "signal \($0)" } ?? "cancelled"
            try recorder.end(.interrupted(reason: signal), run: run)
            return nil
        }
        try recorder.end(.failed(reason: "\(error)"), run: run)
        guard let failure = error as? EvaluationError else { throw error }
        return failure
    }

    // MARK: Computing

    private mutating func compute(
        _ opened: OpenedRun,
        load: () throws -> EvaluationPipeline.LoadedEngine,
        _ batch: inout RecordBatch,
        _ progress: inout ProgressCount,
        _ cancellation: Cancellation
    ) throws {
        var ordinals = (0..<source.count).lazy
            .filter { !opened.finishedOrdinals.contains($0) }.makeIterator()
        guard opened.finishedOrdinals.count < source.count else { return }
        let loaded = try load()
        let fitting = PromptFitting(
            encoder: loaded.encoder,
            policy: source.request.overlong,
            builder: source.builder
        )
        progress.start()
        try withoutActuallyEscaping(self) { _ in }
        try loaded.engine.run(
            next: {
                progress.report(try batch.commitIfDue(), onEvent)
                while let ordinal = ordinals.next() {
                    if let request = try request(ordinal, fitting, &batch) { return request }
                    progress.report(try batch.commitIfDue(), onEvent)
                }
                return nil
            },
            deliver: { response in
                try take(response, &batch)
                progress.report(try batch.commitIfDue(), onEvent)
            },
            cancellation: cancellation
        )
        if !inFlight.isEmpty { throw CancellationError() }
    }
}
