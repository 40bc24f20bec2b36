import EvalCore
import Evaluation
import Foundation
import InputFiles
import Tasks
import TestSupport

/// A tiny data root with a recorder and a scripted engine: what most tests run.
final class Bench {
    let root: String
    let task: TaskDefinition
    let recorder = InMemoryRecorder()
    var engine = ScriptedEngine()
    var encoder = ByteEncoder()
    /// Compares pictures for runs that choose shots that way.
    var embedder = LineEmbedder()
    /// The file of the facts of data; nil for none.
    var dataFacts: String?
    /// Tells one version of the program from another.
    var programNumber: UInt64 = 1
    /// How often a pipeline asked for the engine.
    private(set) var loadCount = 0
    private(set) var events: [PipelineEvent] = []

    init(_ folder: URL, _ data: TinyVQA = TinyVQA()) throws {
        root = try data.write(to: folder)
        task = try TaskCatalog.definition(
            repositoryRoot.appendingPathComponent("tasks/vqav2.yaml").path
        )
    }

    /// Runs `body` with a bench in a folder of its own.
    static func with(
        _ data: TinyVQA = TinyVQA(),
        _ body: (Bench) throws -> Void
    ) throws {
        try withTemporaryDirectory { try body(Bench($0, data)) }
    }

    func request(shots: Int = 4, _ change: (inout RunRequest) -> Void = { _ in }) -> RunRequest {
        var request = RunRequest(task: task, dataRoot: root, shots: shots)
        request.supportSize = 20
        change(&request)
        return request
    }

    /// One command: a fresh pipeline, as a new process would have.
    @discardableResult
    func run(
        _ request: RunRequest,
        cancellation: Cancellation = Cancellation()
    ) throws -> RunOutcome {
        let pipeline = EvaluationPipeline(
            recorder: recorder,
            reader: recorder,
            provenance: engine.provenance,
            attempt: .test,
            retrieval: retrieval(cancellation),
            dataFacts: dataFacts.map { DataFactsCache($0, program: program) },
            loadEngine: { [unowned self] in
                loadCount += 1
                return (engine, encoder)
            },
            onEvent: { [unowned self] in events.append($0) }
        )
        return try pipeline.run(
            try pipeline.prepare(request),
            submissionPath: { [root] in "\(root)/\($0).json" },
            cancellation: cancellation
        )
    }

    /// Compares pictures with `embedder`.
    func retrieval(_ cancellation: Cancellation = Cancellation()) -> ShotRetrieval {
        ShotRetrieval(embedder: embedder, folder: root, cancellation: cancellation)
    }

    private var program: FileIdentity {
        FileIdentity(device: 1, inode: programNumber, byteCount: 1, modificationNanoseconds: 1)
    }

    /// The stored samples of a run.
    func rows(_ run: String) throws -> [SampleRecord] {
        var rows: [SampleRecord] = []
        try recorder.eachSample(of: run) { rows.append($0) }
        return rows
    }

    /// What a prompt was for each query number that the engine saw.
    var prompts: [Int: Prompt] {
        Dictionary(engine.requests.map { ($0.number, $0.prompt) }) { $1 }
    }
}

extension AttemptDescription {
    /// What a test's process says of itself.
    static let test = AttemptDescription(
        toolVersion: "0",
        commit: nil,
        cpu: "cpu",
        system: "system",
        threads: 1,
        processID: 1,
        bootID: "boot"
    )
}
