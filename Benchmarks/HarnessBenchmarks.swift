import Checkpoints
import EvalCore
import Evaluation
import Foundation
import LocalEngine
import RunStore
import Tasks

/// What the harness adds to the model's time: the whole pipeline over generated data with the real
/// store on disk and the real tokenizer, with an engine that answers at once.
struct HarnessBenchmarks {
    let inputs: Inputs
    let effort: Effort
    let printer: ResultPrinter

    private static let shots = 8

    /// Prints time per sample and the memory that it takes.
    func run() throws {
        let count = effort.size(4_000, smoke: 40)
        printer.section("Harness, \(count) questions, \(Self.shots) shots, engine without a model")
        try withTemporaryFolder { folder in
            let data = GeneratedVQA(task: inputs.task, source: inputs.data, folder: folder)
            try data.write("val2014", count: count, withPictures: true)
            try data.write("train2014", count: count, withPictures: true)
            try measure(ScriptedRuns(inputs, folder: folder, shots: Self.shots), count: count)
        }
    }

    private func measure(_ runs: ScriptedRuns, count: Int) throws {
        let before = peakResidentBytes()
        let preparation = try Measurement(effort) { try runs.prepare() }
        let whole = try Measurement(effort) { try runs.run() }
        let milliseconds = whole.median / Double(count) * 1_000
        printer.row(
            Row(
                name: "a run: data, shots, prompts, tokens, scores, store, aggregates",
                value: "\(fixed(milliseconds, 3)) ms/sample, "
                    + "\(fixed(1_000 / milliseconds, 0)) samples/s",
                against: Aim.under(0.5).verdict(on: milliseconds, "ms/sample")
            )
        )
        printer.row(
            Row(
                name: "of it data read, shots drawn, pictures looked for",
                value: "\(fixed(preparation.median / Double(count) * 1_000, 3)) ms/sample",
                against: "\(fixed(100 * preparation.median / whole.median, 0)) % of the run"
            )
        )
        printMemory(before: before)
    }

    private func printMemory(before: Int) {
        let peak = Double(peakResidentBytes()) / 1e6
        printer.row(
            Row(
                name: "peak resident memory",
                value: "\(fixed(peak)) MB, \(fixed(Double(before) / 1e6)) MB before the runs",
                against: Aim.under(150).verdict(on: peak, "MB")
            )
        )
    }
}

/// Evaluations of generated data, each in a store of its own.
private final class ScriptedRuns {
    private let encoder: IdeficsPromptEncoder
    private let request: RunRequest
    private let folder: URL
    private var storeCount = 0

    init(_ inputs: Inputs, folder: URL, shots: Int) throws {
        encoder = try IdeficsPromptEncoder(CheckpointFolder(inputs.tokenizerCheckpoint.path))
        request = RunRequest(task: inputs.task, dataRoot: folder.path, shots: shots)
        self.folder = folder
    }

    /// Checks a run as far as can be without the engine.
    func prepare() throws {
        try withPipeline { _ = try $0.prepare(request) }
    }

    /// Brings a new run to its end.
    func run() throws {
        try withPipeline { pipeline in
            let outcome = try pipeline.run(
                try pipeline.prepare(request),
                submissionPath: { [folder] in "\(folder.path)/\($0).json" },
                cancellation: Cancellation()
            )
            let summary = outcome.summary
            precondition(summary.status == .done && summary.errorCount == 0)
        }
    }

    private func withPipeline(_ body: (EvaluationPipeline) throws -> Void) throws {
        storeCount += 1
        let path = folder.appendingPathComponent("store-\(storeCount).sqlite").path
        let writer = try RunStoreWriter(path: path)
        let engine = ScriptedEngine(encoder)
        let pipeline = EvaluationPipeline(
            recorder: writer,
            reader: try RunStoreReader(path: path),
            provenance: engine.provenance,
            attempt: .benchmark,
            loadEngine: { [encoder] in (engine, encoder) }
        )
        try body(pipeline)
        try writer.close()
    }
}

/// An engine that encodes each prompt and answers one of a few words at once.
private final class ScriptedEngine: Engine {
    let provenance: EngineProvenance
    private(set) var statistics = EngineStatistics()
    private let encoder: IdeficsPromptEncoder
    private static let words = [" yes", " no", " 2", " red", " a circle", " left"]

    init(_ encoder: IdeficsPromptEncoder) {
        self.encoder = encoder
        provenance = EngineProvenance(
            model: "scripted",
            weightsDigest: String(repeating: "0", count: 64),
            tokenizerDigest: encoder.tokenizerDigest,
            processorDigest: String(repeating: "0", count: 64),
            precision: "f32",
            kernelSet: "scalar",
            hasEndOfChunk: false
        )
    }

    func run(
        next: () throws -> EngineRequest?,
        deliver: (EngineResponse) throws -> Void,
        cancellation: Cancellation
    ) throws {
        while let request = try next() {
            statistics.requests += 1
            try deliver(EngineResponse(number: request.number, result: .success(answer(request))))
        }
    }

    private func answer(_ request: EngineRequest) -> EngineAnswer {
        EngineAnswer(
            prompt: encoder.encode(request.prompt.segments),
            generation: Generation(
                text: Self.words[request.number % Self.words.count],
                tokens: [5, 6, 2],
                finish: .eos,
                logprob: -1
            ),
            pixelDigests: request.prompt.images.map { image in
                String(repeating: "0", count: max(0, 64 - image.id.utf8.count)) + image.id
            }
        )
    }
}

extension AttemptDescription {
    fileprivate static let benchmark = AttemptDescription(
        toolVersion: "0",
        commit: nil,
        cpu: "",
        system: "",
        threads: 1,
        processID: ProcessInfo.processInfo.processIdentifier,
        bootID: ""
    )
}
