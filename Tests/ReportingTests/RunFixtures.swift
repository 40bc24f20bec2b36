import EvalCore
import Foundation
import Testing

/// Summaries of invented runs, finished unless said otherwise.
struct RunFixture {
    var run = "r1"
    var model = "idefics-9b"
    var task = "vqav2"
    var split = "val2014"
    var metric = "vqa_accuracy"
    var otherMetrics: [String: Double] = [:]
    var shots = 0
    var selection = "random"
    var encoder: String?
    var seed: UInt64 = 42
    var promptProtocol = "m4"
    var variant = "base"
    var precision = "bf16"
    var weights = "w"
    var status = RunStatus.done
    var count = 100
    var limit: Int?
    var data = "d"
    var support: Int? = 2048
    var drawsShots = true
    var breakdown: [String: [String: CategoryValue]] = [:]
    var published: Int? = 100
    var reasons: [String] = []
    var errors = 0
    var isDemo = false
    var value: Double? = 0.5
    var interval: ClosedRange<Double>? = 0.44...0.56
    var submission: String?

    var summary: RunSummary {
        RunSummary(
            run: run,
            plan: plan,
            status: status,
            finishedCount: count,
            errorCount: errors,
            generatedCount: count,
            attemptCount: 1,
            metrics: submission == nil && status == .done ? [headline] + others : [],
            submissionPath: submission,
            started: Date(timeIntervalSince1970: 0),
            finished: Date(timeIntervalSince1970: 1)
        )
    }

    private var others: [MetricValue] {
        otherMetrics.sorted { $0.key < $1.key }.map { name, value in
            MetricValue(metric: name, version: 1, value: value, count: count - errors)
        }
    }

    private var headline: MetricValue {
        MetricValue(
            metric: metric,
            version: 1,
            value: value,
            interval: value == nil ? nil : interval,
            intervalMethod: "clustered t",
            count: count - errors,
            reason: value == nil ? "no scored samples" : nil,
            breakdown: breakdown
        )
    }

    private var plan: RunPlan {
        RunPlan(
            recipe: recipe,
            sampleCount: count,
            publishedCount: published,
            notComparableReasons: reasons,
            isSubset: count < (published ?? count),
            supportCount: support,
            isDemo: isDemo,
            label: nil,
            attempt: AttemptDescription(
                toolVersion: "0",
                commit: nil,
                cpu: "cpu",
                system: "linux",
                threads: 1,
                processID: 1,
                bootID: "boot"
            )
        )
    }

    private var recipe: RunRecipe {
        RunRecipe(
            task: task,
            taskVersion: 1,
            taskDigest: "t",
            split: split,
            limit: limit,
            shots: shots,
            selection: selection,
            selectionDigest: encoder.map { "digest of \($0)" },
            selectionEncoder: encoder,
            supportSize: support ?? 2048,
            supportDigest: drawsShots ? "s" : nil,
            seed: seed,
            promptProtocol: promptProtocol,
            variant: variant,
            templates: TemplateTexts(
                prefix: "<s>Instruction.\n",
                shot: "Image:{image}Question: {question} Answer: {answer}\n",
                query: "Image:{image}Question: {question} Answer:"
            ),
            endOfChunk: nil,
            generation: nil,
            overlong: "error",
            truncatedImages: "error",
            dataDigest: data,
            engine: EngineProvenance(
                model: model,
                weightsDigest: weights,
                tokenizerDigest: "t",
                processorDigest: "p",
                precision: precision,
                kernelSet: "avx2",
                hasEndOfChunk: false
            )
        )
    }
}

/// One way in which a run differs from another.
struct RunChange: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var apply: @Sendable (inout RunFixture) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout RunFixture) -> Void) {
        testDescription = name
        self.apply = apply
    }
}
