internal import EvalCore
public import Statistics

/// What a comparison says of the second run, seen from the first.
public enum Verdict: String, Sendable, Hashable, Codable {
    case improved, regressed, equivalent, inconclusive
    case notComparable = "not comparable"

    /// The verdict with the runs exchanged.
    public var reversed: Verdict {
        switch self {
        case .improved: .regressed
        case .regressed: .improved
        case .equivalent, .inconclusive, .notComparable: self
        }
    }
}

/// One metric of two runs over the samples that both have.
public struct PairedMetric: Sendable, Hashable {
    /// Metric name.
    public var metric: String
    /// The first run's stored value, in the metric's own unit.
    public var first: Double?
    /// The second run's.
    public var second: Double?
    /// Second minus first over the pairs; nil where samples have no scores of their own.
    public var estimate: PairedEstimate?
    /// Differences up to this size are of no practical weight.
    public var margin: Double
    /// What the difference says.
    public var verdict: Verdict
    /// Why, in words.
    public var reason: String
}

/// A sample that came out differently.
public struct SampleFlip: Sendable, Hashable {
    /// In the first run.
    public var first: ComparedSample
    /// In the second.
    public var second: ComparedSample
    /// Second minus first of the headline; 0 where only the output changed.
    public var difference: Double
}

/// A category value over which the headline differs.
public struct CategoryDifference: Sendable, Hashable {
    /// Such as `question_type`.
    public var category: String
    /// Such as `what color`.
    public var value: String
    /// Second minus first of the headline.
    public var difference: Double
    /// Pairs.
    public var count: Int
    /// p over the pairs of this value, adjusted by Holm for all values looked at.
    public var adjustedProbability: Double
}

/// Two runs, sample by sample.
///
/// Exchanging the runs negates every difference to the bit.
public struct RunComparison: Sendable {
    /// The run that is compared with.
    public var first: ComparedRun
    /// The run that is compared.
    public var second: ComparedRun
    /// In what the recipes differ.
    public var differences: [RecipeDifference]
    /// Samples that both have a result of.
    public var pairCount: Int
    /// Results of the first run that the second has none for.
    public var unmatchedInFirst: Int
    /// Results of the second run that the first has none for.
    public var unmatchedInSecond: Int
    /// Pairs whose prompts differ.
    public var changedPromptCount: Int
    /// Pairs whose outputs differ.
    public var changedOutputCount: Int
    /// Headline first.
    public var metrics: [PairedMetric]
    /// The metric by which samples flip and categories differ: the headline, or where samples have
    /// no score of it the next one; nil if none has scores of samples.
    public var flipMetric: String?
    /// Pairs with another score, worst first, then those with another answer only.
    public var flips: [SampleFlip]
    /// Category values by difference, worst first.
    public var categories: [CategoryDifference]
    /// Of the headline.
    public var verdict: Verdict
    /// Why, in words.
    public var reason: String
}

extension RunComparison {
    /// Compares two runs.
    /// - Parameters:
    ///   - first: the run that is compared with.
    ///   - second: the run that is compared.
    ///   - margins: practical thresholds by metric, in its own unit.
    public init(_ first: ComparedRun, _ second: ComparedRun, margins: Margins = Margins()) {
        let pairs = SamplePairs(first, second)
        let paired = PairedMetrics(pairs, first, second, margins: margins)
        let differences = RecipeDifference.all(first, second)
        let obstacle =
            Self.obstacle(first, second, pairs)
            ?? Self.unexplained(pairs.changedPromptCount, of: pairs.count, differences)
        var metrics = paired.metrics
        if let obstacle {
            for index in metrics.indices {
                (metrics[index].verdict, metrics[index].reason) = (.notComparable, obstacle)
            }
        }
        self.first = first
        self.second = second
        self.differences = differences
        pairCount = pairs.count
        unmatchedInFirst = pairs.unmatchedInFirst
        unmatchedInSecond = pairs.unmatchedInSecond
        changedPromptCount = pairs.changedPromptCount
        changedOutputCount = pairs.changedOutputCount
        self.metrics = metrics
        flipMetric = paired.headline
        flips = pairs.flips(by: paired.headline)
        categories = paired.categories
        verdict = metrics.first?.verdict ?? .notComparable
        reason = metrics.first?.reason ?? obstacle ?? "the runs share no metric"
    }

    /// True if the engine said something else although nothing that identifies the runs changed.
    public var changedWithoutReason: Bool { differences.isEmpty && changedOutputCount > 0 }

    /// Prompts that differ without a setting that says so.
    private static func unexplained(
        _ changed: Int,
        of count: Int,
        _ differences: [RecipeDifference]
    ) -> String? {
        guard changed > 0, !differences.contains(where: \.decidesPrompts) else { return nil }
        return "\(changed) of \(count) prompts differ although no setting that decides them does: "
            + "the pictures are not the same"
    }

    /// Why numbers of two runs may not be set side by side; nil if they may.
    private static func obstacle(
        _ first: ComparedRun,
        _ second: ComparedRun,
        _ pairs: SamplePairs
    ) -> String? {
        let (a, b) = (first.recipe, second.recipe)
        guard a.task == b.task, a.split == b.split else {
            return "one is of \(a.task) \(a.split), the other of \(b.task) \(b.split)"
        }
        let headlines = [first, second].map { $0.metrics.first?.metric ?? "none" }
        guard headlines[0] == headlines[1] else {
            return "the headline is \(headlines[0]) in one and \(headlines[1]) in the other"
        }
        guard pairs.count > 0 else { return "no sample has a result in both" }
        let unmatched = pairs.unmatchedInFirst + pairs.unmatchedInSecond
        guard unmatched == 0 else {
            return
                "\(unmatched) of \(pairs.count + unmatched) samples have a result in one run only"
        }
        let versions = Dictionary(
            uniqueKeysWithValues: first.metrics.map { ($0.metric, $0.version) }
        )
        for metric in second.metrics {
            if let version = versions[metric.metric], version != metric.version {
                return
                    "\(metric.metric) has version \(version) in one and \(metric.version) in the other"
            }
        }
        return nil
    }
}

/// Differences that are too small to matter.
public struct Margins: Sendable, Hashable {
    /// By metric, in its own unit.
    public var byMetric: [String: Double]

    /// Half a point of a percentage, and of CIDEr one point, unless stated.
    /// - Parameter stated: by metric, in its own unit.
    public init(_ stated: [String: Double] = [:]) {
        byMetric = ["cider": 0.01, "mean_rank": 0.1, "kl_mean": 0.005, "entropy_mean": 0.005]
            .merging(stated) { _, stated in stated }
    }

    /// The margin of a metric.
    public subscript(metric: String) -> Double { byMetric[metric] ?? 0.005 }
}
