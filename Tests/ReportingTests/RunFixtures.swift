import EvalCore
import Foundation

/// Summaries of invented runs, finished unless said otherwise.
struct RunFixture {
    var run = "r1"
    var model = "idefics-9b"
    var task = "vqav2"
    var shots = 0
    var seed: UInt64 = 42
    var precision = "bf16"
    var weights = "w"
    var status = RunStatus.done
    var count = 100
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
            metrics: submission == nil && status == .done ? [metric] : [],
            submissionPath: submission,
            started: Date(timeIntervalSince1970: 0),
            finished: Date(timeIntervalSince1970: 1)
        )
    }

    private var metric: MetricValue {
        MetricValue(
            metric: "vqa_accuracy",
            version: 1,
            value: value,
            interval: interval,
            intervalMethod: "clustered t",
            count: count - errors,
            reason: value == nil ? "no scored samples" : nil
        )
    }

    private var plan: RunPlan {
        RunPlan(
            recipe: recipe,
            sampleCount: count,
            publishedCount: published,
            notComparableReasons: reasons,
            isSubset: count < (published ?? count),
            supportCount: 2048,
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
            split: "val2014",
            limit: nil,
            shots: shots,
            selection: "random",
            selectionDigest: nil,
            supportSize: 2048,
            supportDigest: "s",
            seed: seed,
            promptProtocol: "m4",
            variant: "base",
            endOfChunk: nil,
            generation: nil,
            overlong: "error",
            truncatedImages: "error",
            dataDigest: "d",
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
