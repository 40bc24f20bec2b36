internal import EvalCore
internal import InputFiles
internal import Prompting
internal import Scoring
internal import ShotSelection
internal import Tasks

/// The work on one opened run: pulls queries, takes answers, commits records, makes the aggregates.
final class RunExecution {
    private let source: QuerySource
    private let recorder: any RunRecorder
    private let reader: any RunReader
    private let onEvent: (PipelineEvent) -> Void
    private let metrics: [Metric]
    private let opened: OpenedRun
    private var scoring: AnswerScoring
    private var failures: FailureLimit
    private var batch: RecordBatch
    private var progress: ProgressCount
    private var inFlight: [Int: PendingSample] = [:]
    /// Requests of samples with several prompts that are still to be asked.
    private var waiting: [EngineRequest] = []

    init(
        _ source: QuerySource,
        _ opened: OpenedRun,
        scoring: AnswerScoring,
        recorder: any RunRecorder,
        reader: any RunReader,
        onEvent: @escaping (PipelineEvent) -> Void
    ) {
        self.source = source
        self.opened = opened
        self.scoring = scoring
        self.recorder = recorder
        self.reader = reader
        self.onEvent = onEvent
        metrics = scoring.metrics
        failures = FailureLimit(source.request.onError, sampleCount: source.count)
        batch = RecordBatch(recorder: recorder, run: opened.run)
        progress = ProgressCount(
            run: opened.run,
            total: source.count,
            headline: metrics.first?.name ?? ""
        )
    }

    /// Works until the run is done, cancelled or broken.
    /// - Returns: the failure that ended the run, nil if it is done or interrupted.
    /// - Throws: errors of engine and store, after everything finished was committed.
    func run(
        load: () throws -> EvaluationPipeline.LoadedEngine,
        plan: RunPlan,
        submissionPath: (String) throws -> String,
        cancellation: Cancellation
    ) throws -> EvaluationError? {
        do {
            try reader.eachSample(of: opened.run) { record in
                progress.addEarlier(record)
                if let failure = record.failure { failures.addEarlier(failure, of: record.id) }
            }
            onEvent(.opened(run: opened.run, plan: plan, finished: progress.finished))
            try compute(load, cancellation)
            progress.report(try batch.commit(), onEvent)
            try finish(submissionPath)
            return nil
        } catch let error as RecordingFailure {
            throw error.cause
        } catch {
            return try endEarly(because: error, cancellation)
        }
    }

    /// Commits what is finished and records how the run ended.
    private func endEarly(
        because error: any Error,
        _ cancellation: Cancellation
    ) throws -> EvaluationError? {
        do {
            progress.report(try batch.commit(), onEvent)
        } catch let error as RecordingFailure {
            throw error.cause
        }
        if error is CancellationError {
            let reason = cancellation.signal.map { "signal \($0)" } ?? "cancelled"
            try recorder.end(.interrupted(reason: reason), run: opened.run)
            return nil
        }
        try recorder.end(.failed(reason: "\(error)"), run: opened.run)
        guard let failure = error as? EvaluationError else { throw error }
        return failure
    }

    // MARK: Computing

    private func compute(
        _ load: () throws -> EvaluationPipeline.LoadedEngine,
        _ cancellation: Cancellation
    ) throws {
        let done = opened.finishedOrdinals
        guard done.count < source.count else { return }
        if cancellation.isCancelled { throw CancellationError() }
        let loaded = try load()
        let fitting = PromptFitting(
            encoder: loaded.encoder,
            policy: source.request.overlong,
            builder: source.builder
        )
        var ordinals = (0..<source.count).lazy.filter { !done.contains($0) }.makeIterator()
        progress.start()
        try loaded.engine.run(
            next: {
                if let request = waiting.popLast() { return request }
                while let ordinal = ordinals.next() {
                    try commitIfDue()
                    if let request = try request(ordinal, fitting) { return request }
                }
                return nil
            },
            deliver: {
                try take($0)
                try commitIfDue()
            },
            cancellation: cancellation
        )
        precondition(
            inFlight.isEmpty,
            "the engine ended without answering \(inFlight.count) requests"
        )
    }

    private func commitIfDue() throws { progress.report(try batch.commitIfDue(), onEvent) }

    /// The request of a query; nil if the sample failed before it reached the engine.
    private func request(_ ordinal: Int, _ fitting: PromptFitting) throws -> EngineRequest? {
        let query: Query
        do {
            query = try source.query(ordinal)
        } catch let error as InputFileError {
            let failure = SampleFailure(code: "image_unreadable", message: error.description)
            try fail(source.record(ordinal), failure)
            return nil
        } catch let failure as SampleFailure {
            try fail(source.record(ordinal), failure)
            return nil
        }
        var record = source.record(of: query)
        switch fitting.fit(query) {
        case .failure(let failure):
            try fail(record, failure)
            return nil
        case .success(let (fitted, dropped)):
            record.droppedShotCount = dropped
            record.shotIDs = fitted.shots.map(\.sample.id)
            // The most similar stand last and are dropped last.
            record.similarities = record.similarities.map { Array($0.suffix(fitted.shots.count)) }
            let sample = PendingSample(record: record, query: fitted)
            inFlight[ordinal] = sample
            waiting = sample.requests(ordinal, of: source.count, source.builder).reversed()
            return waiting.popLast()
        }
    }

    private func take(_ response: EngineResponse) throws {
        let (ordinal, part) = PendingSample.place(
            ofRequest: response.number,
            of: source.count
        )
        guard var sample = inFlight.removeValue(forKey: ordinal) else {
            preconditionFailure("the engine answered request \(response.number) unasked")
        }
        sample.take(response.result, part: part)
        guard let result = sample.result else {
            inFlight[ordinal] = sample
            return
        }
        switch result {
        case .failure(let failure): try fail(sample.record, failure)
        case .success(let answers):
            var record = sample.record
            try scoring.complete(&record, with: answers, for: sample.query)
            batch.add(record)
        }
    }

    private func fail(_ record: SampleRecord, _ failure: SampleFailure) throws {
        var record = record
        record.failure = failure
        batch.add(record)
        try failures.count(failure, of: record.id)
    }

    // MARK: Finishing

    /// Makes the aggregates from the stored rows, in query order, so that they do not depend on
    /// which process computed a sample and when.
    private func finish(_ submissionPath: (String) throws -> String) throws {
        guard source.split.hasLabels else {
            let path = try submissionPath(opened.run)
            try writeSubmission(path)
            try recorder.end(.done(metrics: [], submissionPath: path), run: opened.run)
            return
        }
        var aggregation = MetricAggregation(metrics, generator: source.resampling)
        var ordinals: [Int] = []
        try reader.eachSample(of: opened.run) { record in
            guard record.failure == nil else { return }
            let sample = source.split.samples.sample(at: record.ordinal)
            try aggregation.add(
                scoring.item(of: sample, record, source.candidates(of: sample)),
                record.scores,
                cluster: record.cluster,
                categories: record.categories
            )
            ordinals.append(record.ordinal)
        }
        let result = aggregation.result()
        let sampleScores = zip(ordinals, result.itemScores)
            .map { SampleScores(ordinal: $0, scores: $1) }
        let ending = RunEnding.done(
            metrics: result.metrics,
            sampleScores: sampleScores,
            submissionPath: nil
        )
        try recorder.end(ending, run: opened.run)
    }

    /// Servers want every sample, so a failed one has an empty answer.
    private func writeSubmission(_ path: String) throws {
        let definition = try source.request.task.protocolDefinition(source.request.promptProtocol)
        let isNormalised = definition.submissionAnswer == .normalised
        let repeatsPrompt = source.request.task.kind == .probe
        var predictions: [SubmissionFile.Prediction] = []
        try reader.eachSample(of: opened.run) { record in
            let sample = source.split.samples.sample(at: record.ordinal)
            let value = scoring.predictedValue(
                record,
                source.candidates(of: sample),
                isNormalised: isNormalised
            )
            let prompt = repeatsPrompt ? sample.fields["prompt"] : nil
            let round = sample.categories["round"].flatMap { Int($0) }
            predictions.append(
                .init(id: record.id, prompt: prompt, round: round, value: value)
            )
        }
        try SubmissionFile.write(
            path,
            format: source.request.task.predictions,
            labels: source.split.labels,
            predictions
        )
    }
}
