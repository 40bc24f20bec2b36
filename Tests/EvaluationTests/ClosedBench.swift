import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// A closed-ended task with a recorder and a scripted engine, on data that lie in the repository.
final class ClosedBench {
    /// The prompt tests' data root: a few samples of each task.
    static let promptData = path("Tests/EvaluationTests/Fixtures/prompts/data")
    /// The bundled demo's data root.
    static let demoData = path("demo/data")

    let task: TaskDefinition
    let engine: ScriptedEngine
    private let data: String
    private let recorder = InMemoryRecorder()

    init(
        _ name: String,
        data: String,
        script: @escaping ScriptedEngine.Script = { _ in .success("") }
    ) throws {
        task = try TaskCatalog.definition(Self.path("tasks/\(name).yaml"))
        engine = ScriptedEngine(script: script)
        self.data = data
    }

    /// Runs the task with 0 shots unless `change` says otherwise; without a folder of submission
    /// files none may be written.
    func run(
        submissions: URL? = nil,
        _ change: (inout RunRequest) -> Void = { _ in }
    ) throws -> RunSummary {
        var request = RunRequest(task: task, dataRoot: data, shots: 0)
        change(&request)
        let pipeline = EvaluationPipeline(
            recorder: recorder,
            reader: recorder,
            provenance: engine.provenance,
            attempt: .test,
            loadEngine: { [engine] in (engine, ByteEncoder()) }
        )
        return try pipeline.run(
            try pipeline.prepare(request),
            submissionPath: { run in
                if submissions == nil { Issue.record("\(run): no submission was expected") }
                return submissions?.appendingPathComponent("\(run).jsonl").path ?? "/dev/null"
            },
            cancellation: Cancellation()
        ).summary
    }

    func rows(_ run: RunSummary) throws -> [SampleRecord] {
        var rows: [SampleRecord] = []
        try recorder.eachSample(of: run.run) { rows.append($0) }
        return rows
    }

    private static func path(_ name: String) -> String {
        repositoryRoot.appendingPathComponent(name).path
    }
}
