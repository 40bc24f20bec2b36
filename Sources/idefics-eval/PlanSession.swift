import Dispatch
import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Synchronization
import Tasks

/// A plan: the checkpoint and the runs of a command.
struct Plan {
    /// A run with what it takes.
    struct Run {
        var survey: PlanSurvey
        var memory: MemoryForecast
        var work: WorkForecast
    }

    /// A picture that the engine could not use.
    struct FailingPicture {
        var path: String
        var failure: SampleFailure
    }

    var outline: CheckpointOutline
    var precision: EnginePrecision
    var runs: [Run]
    /// Memory of the whole command, whose runs share the engine.
    var memory: MemoryForecast
    /// Distinct pictures of all runs.
    var pictureCount: Int
    /// Seconds of the whole command.
    var seconds: Double
    /// What the machine gave when the plan was made.
    var rate: MachineRate
    /// Bytes that the process may take; nil where the machine does not say.
    var memoryLimit: Int?
    /// Why the engine would not be loaded.
    var refusal: LocalEngineError?
    /// Pictures that were decoded in vain; none are looked at without `--check`.
    var failingPictures: [FailingPicture]
    /// True if every picture was decoded and every prompt tokenised.
    var isChecked: Bool
}

/// Surveys the runs of one command and adds up what they take.
final class PlanSession {
    private let outline: CheckpointOutline
    private let model: ModelOptions
    private let check: Bool
    private var readers: [String: DatasetReader] = [:]
    private var surveys: [PlanSurvey] = []

    init(_ outline: CheckpointOutline, model: ModelOptions, check: Bool) {
        self.outline = outline
        self.model = model
        self.check = check
    }

    /// Surveys a run.
    func add(_ request: RunRequest) throws {
        let key = request.task.digest + request.dataRoot
        let reader =
            readers[key] ?? DatasetReader(task: request.task, root: request.dataRoot)
        readers[key] = reader
        surveys.append(
            try PlanSurvey(
                request,
                reader: reader,
                hasEndOfChunk: outline.provenance.hasEndOfChunk,
                promptLimit: outline.encoder.promptLimit,
                isExhaustive: check,
                tokenCounts: outline.tokenCounts
            )
        )
    }

    /// Predicts and checks.
    func finish() throws -> Plan {
        let harness = Host.residentBytes
        let rate = try MachineRate.measured(model.engineOptions)
        let (options, refusal) = fittedOptions(harness: harness)
        let runs = surveys.map { run($0, options, harness: harness) }
        let pictures = distinctPictures
        let memory = outline.forecast(
            [],
            pictureCount: pictures.count,
            requestCount: 0,
            options: options,
            harness: harness
        ).memory
        return Plan(
            outline: outline,
            precision: options.precision,
            runs: runs,
            memory: runs.reduce(memory) { $0.maximum($1.memory) },
            pictureCount: pictures.count,
            seconds: runs.reduce(0) { $0 + $1.work.seconds(at: rate) },
            rate: rate,
            memoryLimit: model.memoryLimit,
            refusal: refusal,
            failingPictures: check ? failing(pictures) : [],
            isChecked: check
        )
    }

    private func fittedOptions(harness: Int) -> (LocalEngineOptions, LocalEngineError?) {
        let options = model.engineOptions
        guard let limit = model.memoryLimit else { return (options, nil) }
        do throws(LocalEngineError) {
            return (try outline.options(options, within: limit, harness: harness), nil)
        } catch {
            return (options, error)
        }
    }

    private func run(
        _ survey: PlanSurvey,
        _ options: LocalEngineOptions,
        harness: Int
    ) -> Plan.Run {
        let shapes = survey.requests.map { request in
            RequestShape(
                promptTokens: request.promptTokens,
                pictures: request.pictures,
                newTokens: survey.generation?.maxNewTokens ?? 0,
                beams: survey.generation?.beams ?? 1,
                candidateTokens: request.candidateTokens,
                wantsPromptLogprobs: survey.wantsPromptLogprobs
            )
        }
        let forecast = outline.forecast(
            shapes,
            pictureCount: survey.pictures.count,
            requestCount: survey.promptCount,
            options: options,
            harness: harness
        )
        return Plan.Run(survey: survey, memory: forecast.memory, work: forecast.work)
    }

    private var distinctPictures: [String] {
        var seen: Set<String> = []
        return surveys.flatMap(\.pictures).filter { seen.insert($0).inserted }
    }

    /// Decodes pictures on all cores.
    private func failing(_ paths: [String]) -> [Plan.FailingPicture] {
        let found = Mutex<[Int: SampleFailure]>([:])
        DispatchQueue.concurrentPerform(iterations: paths.count) { [outline] index in
            guard let failure = outline.failure(ofPicture: paths[index]) else { return }
            found.withLock { $0[index] = failure }
        }
        return found.withLock { failures in
            failures.sorted { $0.key < $1.key }
                .map { Plan.FailingPicture(path: paths[$0.key], failure: $0.value) }
        }
    }
}
