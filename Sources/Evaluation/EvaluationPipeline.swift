public import EvalCore
internal import Prompting
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
    private let retrieval: ShotRetrieval?
    private let loadEngine: () throws -> LoadedEngine
    private let onEvent: (PipelineEvent) -> Void
    private var loaded: LoadedEngine?
    private var dataFacts: DataFactsCache?
    private var datasets: [String: DatasetReader] = [:]

    /// Creates a pipeline.
    /// - Parameters:
    ///   - recorder: keeps the runs.
    ///   - reader: reads what `recorder` keeps.
    ///   - provenance: what the engine will be, known before it is loaded.
    ///   - attempt: describes this process.
    ///   - retrieval: compares pictures for runs that choose shots that way; nil if none does.
    ///   - dataFacts: where facts of the data are kept, nil to read the data for every command.
    ///   - loadEngine: called once, when the first sample has to be computed.
    ///   - onEvent: told about opened runs and committed samples.
    public init(
        recorder: any RunRecorder,
        reader: any RunReader,
        provenance: EngineProvenance,
        attempt: AttemptDescription,
        retrieval: ShotRetrieval? = nil,
        dataFacts: DataFactsCache? = nil,
        loadEngine: @escaping () throws -> LoadedEngine,
        onEvent: @escaping (PipelineEvent) -> Void = { _ in }
    ) {
        self.recorder = recorder
        self.reader = reader
        self.provenance = provenance
        self.attempt = attempt
        self.retrieval = retrieval
        self.dataFacts = dataFacts
        self.loadEngine = loadEngine
        self.onEvent = onEvent
    }

    /// The engine, if a sample had to be computed.
    public var engine: (any Engine)? { loaded?.engine }

    /// Checks all that can be checked without the engine.
    ///
    /// A run that is done already is answered from its identity alone: pictures are looked for
    /// only where samples are left to compute, and data that are known need not be read.
    /// - Parameter request: what to run.
    /// - Returns: the run, ready for `run`.
    /// - Throws: errors of task, data and shots; store errors.
    public func prepare(_ request: RunRequest) throws -> PreparedRun {
        let reader = dataset(of: request)
        let question = dataFacts?.question(request, reader)
        if let done = try knownRun(request, question) { return PreparedRun(state: .done(done)) }
        let source = try QuerySource(
            request,
            reader: reader,
            hasEndOfChunk: provenance.hasEndOfChunk
        )
        let scoring = try AnswerScoring(
            request.task,
            promptProtocol: request.promptProtocol,
            likelihood: source.builder.likelihood,
            hasLabels: source.split.hasLabels
        )
        if let question { dataFacts?.keep(source.facts, for: question, of: request, reader) }
        let plan = RunPlanning.plan(
            source,
            provenance: provenance,
            embedder: retrieval?.embedder.provenance,
            attempt: attempt
        )
        if let done = try doneRun(plan.recipe) { return PreparedRun(state: .done(done)) }
        try source.prepare(0..<source.count)
        try source.checkImages()
        try retrieve(source)
        return PreparedRun(state: .open(plan, source, scoring))
    }

    /// Chooses the shots of all queries, where pictures decide: every reason why that cannot be
    /// done is found before the model is loaded.
    private func retrieve(_ source: QuerySource) throws {
        guard source.needsRetrieval else { return }
        guard let retrieval else { preconditionFailure("selection rices without a retrieval") }
        let (count, first) = try source.retrieve(0..<source.count, with: retrieval)
        if let first { onEvent(.queriesUnreadable(count: count, first: first)) }
    }

    /// The run that is done, as far as that is known without reading the data again.
    private func knownRun(_ request: RunRequest, _ question: DataQuestion?) throws -> RunSummary? {
        guard let question, let facts = dataFacts?.facts(question) else { return nil }
        let recipe = RunPlanning.recipe(
            request,
            split: try request.task.split(request.split).name,
            selection: try request.selectionName,
            builder: PromptBuilder(
                format: try request.promptFormat,
                hasEndOfChunk: provenance.hasEndOfChunk
            ),
            facts: facts,
            provenance,
            embedder: retrieval?.embedder.provenance
        )
        return try doneRun(recipe)
    }

    private func doneRun(_ recipe: RunRecipe) throws -> RunSummary? {
        try reader.runs().last { $0.status == .done && $0.plan.recipe == recipe }
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
        let (plan, source, scoring): (RunPlan, QuerySource, AnswerScoring)
        switch prepared.state {
        case .done(let summary): return RunOutcome(summary: summary)
        case .open(let openPlan, let openSource, let openScoring):
            (plan, source, scoring) = (openPlan, openSource, openScoring)
        }
        let opened = try recorder.open(plan)
        if opened.isDone { return RunOutcome(summary: try reader.summary(of: opened.run)) }
        let execution = RunExecution(
            source,
            opened,
            scoring: scoring,
            recorder: recorder,
            reader: reader,
            onEvent: onEvent
        )
        let failure = try execution.run(
            load: load,
            plan: plan,
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
    enum State {
        /// Nothing is left to do.
        case done(RunSummary)
        case open(RunPlan, QuerySource, AnswerScoring)
    }

    let state: State

    /// True if the run is done already and will be answered from the store.
    public var isDone: Bool { if case .done = state { true } else { false } }
}

/// Where a run stands after the pipeline worked on it.
public struct RunOutcome: Sendable {
    /// The run.
    public var summary: RunSummary
    /// Why it ended early, if too many samples failed.
    public var failure: EvaluationError?
}
