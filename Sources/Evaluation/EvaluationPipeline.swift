public import EvalCore
public import Tasks

/// Runs evaluations over one engine and records them.
///
/// A run that is done is answered from the store without the engine; one that was interrupted
/// goes on after its last committed sample.
public final class EvaluationPipeline {
    /// An engine with its prompt encoder.
    public typealias LoadedEngine = (engine: any Engine, encoder: any PromptEncoder)

    private let recorder: any RunRecorder & RunReader
    private let provenance: EngineProvenance
    private let attempt: AttemptDescription
    private let loadEngine: () throws -> LoadedEngine
    private let onEvent: (RunEvent) -> Void
    private var loaded: LoadedEngine?
    private var readers: [String: DatasetReader] = [:]

    /// Creates a pipeline.
    /// - Parameters:
    ///   - recorder: keeps the runs.
    ///   - provenance: what the engine will be, known before it is loaded.
    ///   - attempt: describes this process.
    ///   - loadEngine: called once, when the first sample has to be computed.
    ///   - onEvent: told about opened runs and committed samples.
    public init(
        recorder: any RunRecorder & RunReader,
        provenance: EngineProvenance,
        attempt: AttemptDescription,
        loadEngine: @escaping () throws -> LoadedEngine,
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) {
        self.recorder = recorder
        self.provenance = provenance
        self.attempt = attempt
        self.loadEngine = loadEngine
        self.onEvent = onEvent
    }

    /// The engine, if a sample had to be computed.
    public var engine: (any Engine)? { loaded?.engine }

    /// Brings one run to its end, or as far as it goes.
    /// - Parameters:
    ///   - request: what to run.
    ///   - submissionPath: where the answers to a split without labels go, made from the run's
    ///     id; asked for only then.
    ///   - cancellation: ends the run early, resumable.
    /// - Returns: the run: done, interrupted by `cancellation`, or failed because too many samples
    ///   failed, with that failure.
    /// - Throws: errors of preparation, before the engine loads; errors of engine and store, after
    ///   everything that is finished was committed.
    public func run(
        _ request: RunRequest,
        submissionPath: (_ run: String) throws -> String,
        cancellation: Cancellation
    ) throws -> RunOutcome {
        let source = try QuerySource(
            request,
            reader: reader(of: request),
            hasEndOfChunk: provenance.hasEndOfChunk
        )
        let plan = RunPlanning.plan(source, provenance: provenance, attempt: attempt)
        var execution = try RunExecution(source, plan: plan, recorder: recorder, onEvent: onEvent)
        if let done = try doneRun(of: plan.recipe) { return RunOutcome(summary: done) }
        try source.prepare(0..<source.count)
        try source.checkImages()
        let opened = try recorder.open(plan)
        if opened.isDone { return RunOutcome(summary: try recorder.summary(of: opened.run)) }
        let failure = try execution.run(
            opened,
            load: load,
            submissionPath: submissionPath,
            cancellation: cancellation
        )
        return RunOutcome(summary: try recorder.summary(of: opened.run), failure: failure)
    }

    /// The finished run of a recipe. Asked before pictures are looked for: a store can answer
    /// without the pictures.
    private func doneRun(of recipe: RunRecipe) throws -> RunSummary? {
        try recorder.runs().last { $0.status == .done && $0.plan.recipe == recipe }
    }

    private func load() throws -> LoadedEngine {
        if let loaded { return loaded }
        let loaded = try loadEngine()
        self.loaded = loaded
        return loaded
    }

    private func reader(of request: RunRequest) -> DatasetReader {
        let key = request.task.digest + request.dataRoot
        if let reader = readers[key] { return reader }
        let reader = DatasetReader(task: request.task, root: request.dataRoot)
        readers[key] = reader
        return reader
    }
}

/// Where a run stands after the pipeline worked on it.
public struct RunOutcome: Sendable {
    /// The run.
    public var summary: RunSummary
    /// Why it ended early, if too many samples failed.
    public var failure: EvaluationError?
}
