public import EvalCore
internal import InputFiles

/// A run as comparisons see it: from a store, or from an exported baseline.
public struct ComparedRun: Sendable, Hashable, Codable {
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

    /// Creates a run.
    /// - Parameters:
    ///   - summary: the stored run.
    ///   - weightsSHA256: of the weights' bytes, where known.
    ///   - samples: its samples in query order.
    public init(_ summary: RunSummary, weightsSHA256: String? = nil, samples: [ComparedSample]) {
        run = summary.run
        recipe = summary.plan.recipe
        self.weightsSHA256 = weightsSHA256
        notComparableReasons = summary.plan.notComparableReasons
        errorCount = summary.errorCount
        metrics = summary.metrics.map(ComparedMetric.init)
        self.samples = samples
    }

    /// Whether two runs ask the same of two engines.
    public func answersTheSame(as other: ComparedRun) -> Bool {
        (recipe.task, recipe.split, recipe.shots) == (
            other.recipe.task, other.recipe.split, other.recipe.shots
        ) && recipe.seed == other.recipe.seed && recipe.selection == other.recipe.selection
            && recipe.promptProtocol == other.recipe.promptProtocol
            && recipe.variant == other.recipe.variant && recipe.limit == other.recipe.limit
    }

    /// The run in a few words: `vqav2 8-shot rices`.
    public var title: String {
        let variant = recipe.variant == "base" ? "" : " \(recipe.variant)"
        let selection = ["random", "none"].contains(recipe.selection) ? "" : " \(recipe.selection)"
        return "\(recipe.task) \(recipe.shots)-shot\(selection)\(variant)"
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
public struct ComparedSample: Sendable, Hashable, Codable {
    /// Sample id.
    public var id: String
    /// Key of the picture by which samples are held together.
    public var cluster: String
    /// Breakdown values.
    public var categories: [String: String]
    /// SHA-256 of the rendered prompt and its pixels.
    public var promptSHA256: String?
    /// SHA-256 of what the engine said: text and log-likelihoods of candidates.
    public var outputSHA256: String
    /// The answer extracted from it.
    public var answer: String?
    /// Scores by metric.
    public var scores: [String: Double]
    /// Log-likelihoods of two candidates, by which areas under curves are made.
    public var pairLogprobs: [Double]?
    /// Code of the failure, if there is no result.
    public var error: String?

    enum CodingKeys: String, CodingKey {
        case id, cluster, categories
        case promptSHA256 = "prompt_sha256"
        case outputSHA256 = "output_sha256"
        case answer, scores
        case pairLogprobs = "pair_logprobs"
        case error
    }

    /// Creates a sample from its stored record.
    public init(_ record: SampleRecord) {
        id = record.id
        cluster = record.cluster
        categories = record.categories
        promptSHA256 = record.promptSHA256
        answer = record.answer
        scores = Dictionary(
            record.scores.map { ($0.metric, $0.value) },
            uniquingKeysWith: { _, last in last }
        )
        pairLogprobs = record.candidateLogprobs.count == 2 ? record.candidateLogprobs : nil
        error = record.failure?.code
        var hasher = SHA256Hasher()
        hasher.update(record.output ?? "")
        for logprob in record.candidateLogprobs { hasher.update(" \(logprob)") }
        outputSHA256 = hasher.finalize().hex
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
