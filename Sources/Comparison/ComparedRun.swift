public import EvalCore
internal import InputFiles

/// A run as comparisons see it: from a store, or from an exported baseline.
public struct ComparedRun: Sendable, Hashable {
    /// The run's id.
    public var run: String
    /// Its identity.
    public var recipe: RunRecipe
    /// SHA-256 of the weights' bytes, where known: the recipe's digest holds file times too.
    public var weightsSHA256: String?
    /// Why its numbers may not stand beside others; empty if they may.
    public var notComparableReasons: [String]
    /// Samples whose row is an error.
    public var errorCount: Int
    /// Aggregates, headline first.
    public var metrics: [ComparedMetric]
    /// The samples in query order.
    public var samples: [ComparedSample]
}

extension ComparedRun {
    /// Creates a run.
    /// - Parameters:
    ///   - summary: the stored run.
    ///   - weightsSHA256: of the weights' bytes, where known.
    ///   - samples: its samples in query order.
    public init(_ summary: RunSummary, weightsSHA256: String? = nil, samples: [ComparedSample]) {
        self.init(
            run: summary.run,
            recipe: summary.plan.recipe,
            weightsSHA256: weightsSHA256,
            notComparableReasons: summary.plan.notComparableReasons,
            errorCount: summary.errorCount,
            metrics: summary.metrics.map(ComparedMetric.init),
            samples: samples
        )
    }

    /// Reads a run's samples.
    /// - Parameters:
    ///   - summary: the stored run.
    ///   - weightsSHA256: of the weights' bytes, where known.
    ///   - reader: has its samples.
    /// - Throws: store errors.
    public init(
        _ summary: RunSummary,
        weightsSHA256: String? = nil,
        reader: any RunReader
    ) throws {
        var samples: [ComparedSample] = []
        try reader.eachSample(of: summary.run) { samples.append(ComparedSample($0)) }
        self.init(summary, weightsSHA256: weightsSHA256, samples: samples)
    }

    /// Whether two runs ask the same of two engines.
    public func asksTheSame(as other: ComparedRun) -> Bool {
        recipe.asksTheSame(as: other.recipe)
    }

    /// Whether nothing tells a gate which of two runs of a baseline it is to take.
    public func isRival(of other: ComparedRun) -> Bool {
        asksTheSame(as: other) && recipe.isOfSameEngine(as: other.recipe)
    }

    /// The run in a few words: `vqav2 8-shot rices`.
    public var title: String {
        let variant = recipe.variant == "base" ? "" : " \(recipe.variant)"
        let selection = ["random", "none"].contains(recipe.selection) ? "" : " \(recipe.selection)"
        return "\(recipe.task) \(recipe.shots)-shot\(selection)\(variant)"
    }
}

extension RunRecipe {
    /// Whether two runs ask the same of two engines.
    public func asksTheSame(as other: RunRecipe) -> Bool {
        (task, split, limit, shots) == (other.task, other.split, other.limit, other.shots)
            && (selection, seed) == (other.selection, other.seed)
            && (promptProtocol, variant) == (other.promptProtocol, other.variant)
    }

    /// Whether two runs are of checkpoints of one name in one precision.
    func isOfSameEngine(as other: RunRecipe) -> Bool {
        (engine.model, engine.precision) == (other.engine.model, other.engine.precision)
    }
}

/// An aggregate of a compared run.
public struct ComparedMetric: Sendable, Hashable, Codable {
    /// Metric name.
    public var metric: String
    /// Version of its definition.
    public var version: Int
    /// The value in the metric's own unit; nil if undefined.
    public var value: Double?

    init(_ value: MetricValue) {
        (metric, version, self.value) = (value.metric, value.version, value.value)
    }
}

/// What a comparison needs of a sample.
public struct ComparedSample: Sendable, Hashable {
    /// Sample id.
    public var id: String
    /// Key of the picture by which samples are held together.
    public var cluster: String
    /// Breakdown values.
    public var categories: [String: String]
    /// Digest of the rendered prompt and its pixels: the first 16 digits of its SHA-256.
    public var promptDigest: String?
    /// Digest of what the engine said, text and log-likelihoods of candidates, as long.
    public var outputDigest: String
    /// The answer extracted from it.
    public var answer: String?
    /// Scores by metric.
    public var scores: [String: Double]
    /// Log-likelihoods of two candidates, by which areas under curves are made.
    public var pairLogprobs: [Double]?
    /// Code of the failure, if there is no result.
    public var error: String?

    /// Digests tell samples of one run apart from those of another: 64 bits do.
    private static let digestLength = 16
}

extension ComparedSample {
    /// Creates a sample from its stored record.
    public init(_ record: SampleRecord) {
        var hasher = SHA256Hasher()
        hasher.update(record.output ?? "")
        for logprob in record.candidateLogprobs { hasher.update(" \(logprob)") }
        self.init(
            id: record.id,
            cluster: record.cluster,
            categories: record.categories,
            promptDigest: record.promptSHA256.map { String($0.prefix(Self.digestLength)) },
            outputDigest: String(hasher.finalize().hex.prefix(Self.digestLength)),
            answer: record.answer,
            scores: Dictionary(
                record.scores.map { ($0.metric, $0.value) },
                uniquingKeysWith: { _, last in last }
            ),
            pairLogprobs: record.candidateLogprobs.count == 2
                // JSON has no −∞.
                ? record.candidateLogprobs.map { max($0, -.greatestFiniteMagnitude) } : nil,
            error: record.failure?.code
        )
    }

    /// The class and the probability of the second candidate; nil unless there were two.
    ///
    /// The class is not stored: it follows from the answer and whether it was right.
    var binary: (isPositive: Bool, score: Double)? {
        guard let pairLogprobs, let accuracy = scores["accuracy"] else { return nil }
        let saysPositive = pairLogprobs[1] > pairLogprobs[0]
        return (saysPositive == (accuracy == 1), pairLogprobs[1] - pairLogprobs[0])
    }
}
