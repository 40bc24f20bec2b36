public import EvalCore
internal import Tasks

/// Runs evaluations over one engine and records them.
///
/// A run that is done is answered from the store without the engine; one that was interrupted
/// goes on after its last committed sample.
public final class EvaluationPipeline {
    /// An engine with its prompt encoder.
    public typealias LoadedEngine = (engine: any Engine, encoder: any PromptEncoder)

    private let recorder: any RunRecorder
    private let reader: any RunReader
    private let provenance: EngineProvenance
    private let attempt: AttemptDescription
    private let loadEngine: () throws -> LoadedEngine
    private let onEvent: (PipelineEvent) -> Void
    private var loaded: LoadedEngine?
    private var datasets: [String: DatasetReader] = [:]

    /// Creates a pipeline.
    /// - Parameters:
    ///   - recorder: keeps the runs.
    ///   - reader: reads what `recorder` keeps.
    ///   - provenance: what the engine will be, known before it is loaded.
    ///   - attempt: describes this process.
    ///   - loadEngine: called once, when the first sample has to be computed.
    ///   - onEvent: told about opened runs and committed samples.
    public init(
        recorder: any RunRecorder,
        reader: any RunReader,
        provenance: EngineProvenance,
        attempt: AttemptDescription,
        loadEngine: @escaping () throws -> LoadedEngine,
        onEvent: @escaping (PipelineEvent) -> Void = { _ in }
    ) {
        self.recorder = recorder
        self.reader = reader
        self.provenance = provenance
        self.attempt = attempt
        self.loadEngine = loadEngine
        self.onEvent = onEvent
    }

    /// The engine, if a sample had to be computed.
    public var engine: (any Engine)? { loaded?.engine }

    /// Checks all that can be checked without the engine.
    ///
    /// A run that is done already is answered from its identity alone: pictures are looked for
    /// only where samples are left to compute.
    /// - Parameter request: what to run.
    /// - Returns: the run, ready for `run`.
    /// - Throws: errors of task, data and shots; store errors.
    public func prepare(_ request: RunRequest) throws -> PreparedRun {
        let source = try QuerySource(
            request,
            reader: dataset(of: request),
            hasEndOfChunk: provenance.hasEndOfChunk
        )
        let scoring = try AnswerScoring(
            request.task,
            promptProtocol: request.promptProtocol,
            hasLabels: source.split.hasLabels
        )
        let plan = RunPlanning.plan(source, provenance: provenance, attempt: attempt)
        let done = try reader.runs().last { $0.status == .done && $0.plan.recipe == plan.recipe }
        if done == nil {
            try source.prepare(0..<source.count)
            try source.checkImages()
        }
        return PreparedRun(plan: plan, done: done, source: source, scoring: scoring)
    }

    /// Brings one run to its end, or as far as it goes.
    /// - Parameters:
    ///   - prepared: the run.
    ///   - submissionPath: where the answers to a split without labels go, made from the run's
    ///     id; asked for only then.
    ///   - cancellation: ends the run early, resumable.
    /// - Returns: the run: done, interrupted by `cancellation`, or failed because too many samples
    ///   failed, with that failure.
    /// - Throws: errors of engine and store, after everything that is finished was committed.
    public func run(
        _ prepared: PreparedRun,
        submissionPath: (_ run: String) throws -> String,
        cancellation: Cancellation
    ) throws -> RunOutcome {
        if let done = prepared.done { return RunOutcome(summary: done) }
        let opened = try recorder.open(prepared.plan)
        if opened.isDone { return RunOutcome(summary: try reader.summary(of: opened.run)) }
        let execution = RunExecution(
            prepared.source,
            opened,
            scoring: prepared.scoring,
            recorder: recorder,
            reader: reader,
            onEvent: onEvent
        )
        let failure = try execution.run(
            load: load,
            plan: prepared.plan,
            submissionPath: submissionPath,
            cancellation: cancellation
        )
        return RunOutcome(summary: try reader.summary(of: opened.run), failure: failure)
    }

    private func load() throws -> LoadedEngine {
        if let loaded { return loaded }
        let loaded = try loadEngine()
        guard loaded.engine.provenance == provenance else {
            throw EvaluationError.engineChanged(model: provenance.model)
        }
        self.loaded = loaded
        return loaded
    }

    private func dataset(of request: RunRequest) -> DatasetReader {
        let key = request.task.digest + request.dataRoot
        if let reader = datasets[key] { return reader }
        let reader = DatasetReader(task: request.task, root: request.dataRoot)
        datasets[key] = reader
        return reader
    }
}

/// A run whose task, data and shots were checked.
public struct PreparedRun {
    /// What is to be run.
    public let plan: RunPlan
    /// The run, if it is done already.
    public let done: RunSummary?
    let source: QuerySource
    let scoring: AnswerScoring
}

/// Where a run stands after the pipeline worked on it.
public struct RunOutcome: Sendable {
    /// The run.
    public var summary: RunSummary
    /// Why it ended early, if too many samples failed.
    public var failure: EvaluationError?
}
