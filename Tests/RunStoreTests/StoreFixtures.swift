import EvalCore
import Foundation
import GRDB
import RunStore
import TestSupport

/// A plan; each seed is a run of its own.
func plan(seed: UInt64 = 42, sampleCount: Int = 4) -> RunPlan {
    RunPlan(
        recipe: recipe(seed: seed),
        sampleCount: sampleCount,
        publishedCount: 214_354,
        notComparableReasons: ["subset"],
        isSubset: true,
        supportCount: 16,
        isDemo: true,
        label: nil,
        attempt: attempt()
    )
}

func recipe(seed: UInt64 = 42) -> RunRecipe {
    RunRecipe(
        task: "vqav2",
        taskVersion: 1,
        taskDigest: "task",
        split: "val2014",
        limit: 4,
        shots: 2,
        selection: "random",
        selectionDigest: nil,
        supportSize: 2_048,
        supportDigest: "support",
        seed: seed,
        promptProtocol: "m4",
        variant: "base",
        endOfChunk: nil,
        generation: GenerationSettings(stop: ["Question"]),
        overlong: "error",
        truncatedImages: "error",
        dataDigest: "data",
        engine: EngineProvenance(
            model: "demo",
            weightsDigest: "weights",
            tokenizerDigest: "tokenizer",
            processorDigest: "processor",
            precision: "f32",
            kernelSet: "scalar",
            hasEndOfChunk: false
        )
    )
}

func attempt(threads: Int = 2) -> AttemptDescription {
    AttemptDescription(
        toolVersion: "0.1",
        commit: nil,
        cpu: "a cpu",
        system: "Debian 12",
        threads: threads,
        processID: ProcessInfo.processInfo.processIdentifier,
        bootID: "boot"
    )
}

/// A sample with a result that uses every field.
func sample(_ ordinal: Int) -> SampleRecord {
    var sample = SampleRecord(
        ordinal: ordinal,
        id: "\(458_752_000 + ordinal)",
        cluster: "coco/\(ordinal / 2)",
        categories: ["answer_type": ordinal.isMultiple(of: 2) ? "yes/no" : "other"]
    )
    sample.shotIDs = ["\(ordinal)001", "shared", "caf\u{E9}", "cafe\u{301}"]
    sample.shotsAreTextOnly = ordinal.isMultiple(of: 3)
    sample.similarities = [0.5, 0.1, -1, 1.0 / 3]
    sample.excludedCount = ordinal
    sample.droppedShotCount = 1
    sample.promptSHA256 = String(repeating: "0123456789abcdef", count: 4)
    sample.promptTokenCount = 312
    sample.output = " yes\u{0}\r\n caf\u{E9} \(ordinal)"
    sample.outputTokens = [4_874, 0, 31_999, 2]
    sample.finish = .stop
    sample.logprob = -0.1 - Double(ordinal)
    sample.candidateLogprobs = [-0.5, -.infinity]
    sample.answer = ""
    sample.scores = [
        Score(metric: "vqa_accuracy", version: 1, value: 0.9),
        Score(metric: "vqa_accuracy_official", version: 1, value: 1),
    ]
    return sample
}

/// A sample whose row is an error.
func failedSample(_ ordinal: Int) -> SampleRecord {
    var sample = SampleRecord(ordinal: ordinal, id: "a\u{0}\(ordinal)", cluster: "b\u{0}c")
    sample.failure = SampleFailure(code: "image_unreadable", message: "x.jpg: \u{0}truncated")
    return sample
}

func metric(_ value: Double?, version: Int = 1) -> MetricValue {
    MetricValue(
        metric: "vqa_accuracy",
        version: version,
        value: value,
        interval: value.map { ($0 - 0.1)...($0 + 0.1) },
        intervalMethod: "clustered t",
        count: 4,
        reason: value == nil ? "no scored samples" : nil,
        breakdown: ["answer_type": ["yes/no": CategoryValue(value: 0.25, count: 2)]]
    )
}

extension RunStoreWriter {
    /// Opens a plan's run and records samples.
    @discardableResult
    func start(_ plan: RunPlan, _ samples: [SampleRecord]) throws -> String {
        let run = try open(plan).run
        try record(samples, run: run)
        return run
    }
}

extension RunStoreReader {
    /// All samples of a run.
    func samples(of run: String) throws -> [SampleRecord] {
        var samples: [SampleRecord] = []
        try eachSample(of: run) { samples.append($0) }
        return samples
    }
}

/// Runs `body` with the path of a store that does not exist yet.
func withStorePath<Value>(_ body: (String) throws -> Value) throws -> Value {
    try withTemporaryDirectory { try body($0.appendingPathComponent("results/runs.sqlite").path) }
}

/// Runs SQL on a file, past the store.
func executeSQL(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
}

/// One number that SQL finds in a file.
func integer(_ path: String, _ sql: String) throws -> Int? {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
        .read { try Int.fetchOne($0, sql: sql) }
}
