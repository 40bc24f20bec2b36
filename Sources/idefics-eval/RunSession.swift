import EvalCore
import Evaluation
import Foundation
import Reporting
import RunStore
import StrictJSON
import Tasks

/// The runs of one command: one store, one engine, one result after the other.
final class RunSession {
    private let store: String
    private let writer: RunStoreWriter
    private let reader: RunStoreReader
    private let engine: EngineSource
    private let pipeline: EvaluationPipeline
    private let wantsJSON: Bool
    private let watch: SignalWatch
    /// True if several seeds tell runs of this command apart.
    private var showsSeed = false
    private let weights = WeightsWork()
    /// What the session is a part of; nil if the command has no other.
    var part: RunPart?
    /// The runs that were worked on, in order.
    private(set) var summaries: [RunSummary] = []

    init(
        _ engine: EngineSource,
        _ encoder: EncoderSource,
        watch: SignalWatch,
        store: String,
        attempt: AttemptDescription,
        wantsJSON: Bool
    ) throws {
        self.engine = engine
        self.watch = watch
        self.store = store
        self.wantsJSON = wantsJSON
        let progress = ProgressDisplay()
        let retrieval = try encoder.retrieval(progress, cancellation: watch.cancellation)
        writer = try RunStoreWriter(path: store)
        reader = try RunStoreReader(path: store)
        let weights = weights
        pipeline = EvaluationPipeline(
            recorder: writer,
            reader: reader,
            provenance: engine.provenance,
            attempt: attempt,
            retrieval: retrieval,
            dataFacts: Host.program.map { DataFactsCache(store + ".data.json", program: $0) },
            loadEngine: {
                let loaded = try engine.load(progress.showLoading)
                weights.digest = WeightsDigest(of: engine.path, store: store)
                return loaded
            },
            onEvent: progress.show
        )
    }

    /// Checks runs and gives the store back, without working on any.
    /// - Parameter requests: what will be run.
    /// - Throws: errors of preparation.
    func check(_ requests: [RunRequest]) throws {
        for request in requests { _ = try pipeline.prepare(request) }
        try reader.close()
        try writer.close()
    }

    /// Checks all runs, then works through them.
    /// - Parameters:
    ///   - requests: what to run.
    ///   - path: where the engine's counters go, nil for nowhere.
    /// - Throws: the exit status unless all is done; errors of preparation, engine and store.
    func work(_ requests: [RunRequest], statistics path: String?) throws {
        showsSeed = Set(requests.map(\.seed)).count > 1
        let prepared = try requests.map { try pipeline.prepare($0) }
        watch.beginWork()
        var status = ExitStatus.done
        let clock = ContinuousClock()
        for (index, run) in prepared.enumerated() {
            let start = clock.now
            let outcome = try pipeline.run(
                run,
                submissionPath: submissionPath,
                cancellation: watch.cancellation
            )
            let seconds = run.isDone ? nil : (clock.now - start) / .seconds(1)
            let number = index + 1 + (part?.offset ?? 0)
            let position = (number: number, total: part?.total ?? prepared.count)
            summaries.append(outcome.summary)
            let ending = try report(outcome, at: position, seconds: seconds)
            if requests[index].task.kind == .probe { try pointToTerms(outcome.summary) }
            if ending != .done { status = ending }
            if outcome.summary.status == .interrupted { break }
        }
        try keepWeightsDigest()
        try reader.close()  // only the last to close can merge the write-ahead log
        try writer.close()
        if let path {
            var statistics = pipeline.engine?.statistics ?? EngineStatistics()
            statistics.threads = engine.threads
            try StatisticsFile.write(statistics, engine.provenance, to: path)
        }
        try engine.showProfile()
        guard status == .done else { throw status }
    }

    /// Stores the digest of the weights' bytes, if weights were loaded.
    private func keepWeightsDigest() throws {
        let cancellation = watch.cancellation
        guard let digest = try weights.digest?.value(unless: { cancellation.isCancelled }) else {
            return
        }
        try writer.record(contentDigest: digest, ofWeights: engine.provenance.weightsDigest)
    }

    /// Prints a run: all its metrics if the command has no other, else one line.
    private func report(
        _ outcome: RunOutcome,
        at position: (number: Int, total: Int),
        seconds: Double?
    ) throws -> ExitStatus {
        let run = outcome.summary
        if wantsJSON {
            try Output.line(JSONValue.object(RunJSON.run(run, store: store)).text())
        } else if position.total == 1, part == nil {
            try Output.write(RunText.result(run))
            try Output.text("  run \(run.run), stored in \(store)")
            try Output.text("  next: \(next(run))")
        } else {
            try Output.line(
                RunText.line(
                    run,
                    seconds: seconds,
                    position: position,
                    showsSeed: showsSeed,
                    settings: part?.settings(run.plan.recipe) ?? []
                )
            )
            if part == nil, position.number == position.total {
                try Output.text("next: \(next(run))")
            }
        }
        if run.submissionPath != nil, run.plan.isSubset {
            Output.note("the submission file holds \(RunText.extent(run.plan))")
        }
        if let failure = outcome.failure { Output.error("\(failure)") }
        return status(of: run)
    }

    /// Says how to see what a probe says, which has no number.
    private func pointToTerms(_ run: RunSummary) throws {
        guard !wantsJSON, let path = run.submissionPath else { return }
        let recipe = run.plan.recipe
        let partial = run.plan.sampleCount == run.plan.publishedCount ? "" : " --partial"
        try Output.text(
            "  terms: idefics-eval score \(recipe.task) --split \(recipe.split) "
                + "--predictions \(path)\(partial)"
        )
    }

    /// The exit status that a run alone would give.
    private func status(of run: RunSummary) -> ExitStatus {
        switch run.status {
        case .interrupted:
            return ExitStatus(signal: watch.cancellation.signal ?? SIGINT)
        case .running, .failed: return .incomplete
        case .done:
            let isScored = run.submissionPath != nil || run.metrics.first?.value != nil
            let isWhole = run.errorCount == 0 && run.metrics.allSatisfy { $0.value != nil }
            return isScored && isWhole ? .done : .incomplete
        }
    }

    private func next(_ run: RunSummary) -> String {
        let flag = store == StoreOptions.defaultStore ? "" : " --store \(store)"
        switch run.status {
        case .done:
            return "idefics-eval samples \(run.run)\(flag)   or   idefics-eval table\(flag)"
        case .running, .interrupted, .failed: return "the same command goes on where it was"
        }
    }

    /// Submission files lie beside the store.
    private func submissionPath(_ run: String) throws -> String {
        let folder = URL(fileURLWithPath: store).deletingLastPathComponent()
            .appendingPathComponent("submissions", isDirectory: true)
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandError(.store, "\(folder.path): \(error.localizedDescription)")
        }
        return folder.appendingPathComponent("\(run).json").path
    }
}

/// The runs of one engine among those of a matrix.
struct RunPart {
    /// Runs of the matrix before this part's.
    var offset: Int
    /// Runs of the matrix.
    var total: Int
    /// The settings of a run by which the matrix's runs are told apart besides task and shots.
    var settings: (RunRecipe) -> [String]
}

/// Holds the digest in the making, which starts when the engine is loaded.
private final class WeightsWork {
    var digest: WeightsDigest?
}
