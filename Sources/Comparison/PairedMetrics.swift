internal import EvalCore
internal import Statistics

/// The metrics that two runs share, compared over their pairs.
struct PairedMetrics {
    /// Headline first.
    private(set) var metrics: [PairedMetric] = []
    /// The metric by which samples are called better or worse; nil if none has scores of samples.
    let headline: String?
    /// Of the headline, worst first.
    let categories: [CategoryDifference]

    /// Metrics of which less is better.
    private static let descending: Set<String> = [
        "mean_rank", "kl_mean", "entropy_mean", "accuracy_std",
    ]
    /// True if less is better.
    static func isDescending(_ metric: String) -> Bool { descending.contains(metric) }

    /// Neither more nor less of them is better.
    private static let undirected: Set<String> = ["entropy_mean"]
    /// Values of all samples together, which their samples' scores do not add up to.
    private static let corpusValues: Set<String> = ["bleu_1", "bleu_2", "bleu_3", "bleu_4"]
    private static let areas: Set<String> = ["roc_auc", "roc_auc_hard"]
    /// Category values with fewer pairs say nothing.
    private static let leastCount = 10

    init(
        _ pairs: SamplePairs,
        _ first: ComparedRun,
        _ second: ComparedRun,
        margins: Margins
    ) {
        let others = Dictionary(uniqueKeysWithValues: second.metrics.map { ($0.metric, $0) })
        for metric in first.metrics {
            guard let other = others[metric.metric] else { continue }
            metrics.append(
                Self.paired(metric, other, pairs, margin: margins[metric.metric])
            )
        }
        let scored = metrics.map(\.metric).filter { Self.scores(of: $0, pairs) != nil }
        headline = scored.first
        categories = headline.map { Self.categories(pairs, $0) } ?? []
    }

    private static func paired(
        _ metric: ComparedMetric,
        _ other: ComparedMetric,
        _ pairs: SamplePairs,
        margin: Double
    ) -> PairedMetric {
        let estimate = estimate(of: metric.metric, pairs)
        let judged = estimate.map { judge($0, metric.metric, margin: margin) }
        return PairedMetric(
            metric: metric.metric,
            first: metric.value,
            second: other.value,
            estimate: estimate,
            margin: margin,
            verdict: judged?.verdict ?? .inconclusive,
            reason: judged?.reason ?? withoutEstimate(metric, other)
        )
    }

    private static func withoutEstimate(_ first: ComparedMetric, _ second: ComparedMetric) -> String
    {
        switch (first.value, second.value) {
        case (nil, nil): "\(first.metric) is undefined in both"
        case (nil, _): "\(first.metric) is undefined in A"
        case (_, nil): "\(first.metric) is undefined in B"
        default: "no interval: \(first.metric) is no mean over samples"
        }
    }

    // MARK: Estimates

    /// The difference of a metric over pairs; nil where samples have no scores of their own.
    static func estimate(of metric: String, _ pairs: SamplePairs) -> PairedEstimate? {
        if corpusValues.contains(metric) { return nil }
        if areas.contains(metric) { return area(metric, pairs) }
        guard let scores = scores(of: metric, pairs) else { return nil }
        // All metrics see the same resamples: their intervals belong together.
        var generator = KeyedGenerator(seed: 0, key: ["compare"])
        return PairedEstimate(
            of: scores.first,
            and: scores.second,
            clusters: scores.clusters,
            outputsDiffer: pairs.changedOutputCount > 0,
            using: &generator
        )
    }

    private static func area(_ metric: String, _ pairs: SamplePairs) -> PairedEstimate? {
        var (first, second): ([Double], [Double]) = ([], [])
        var classes: [Bool] = []
        for pair in pairs.pairs {
            guard let before = pair.first.binary, let after = pair.second.binary,
                before.isPositive == after.isPositive
            else { return nil }
            first.append(before.score)
            second.append(after.score)
            classes.append(before.isPositive)
        }
        if metric == "roc_auc_hard" {
            first = first.map { $0 > 0 ? 1 : 0 }
            second = second.map { $0 > 0 ? 1 : 0 }
        }
        return PairedEstimate.areas(of: first, and: second, isPositive: classes)
    }

    /// The scores of the pairs that have one in both runs; nil if none has.
    private static func scores(
        of metric: String,
        _ pairs: SamplePairs
    ) -> (first: [Double], second: [Double], clusters: [Int])? {
        var (first, second): ([Double], [Double]) = ([], [])
        var numbers: [Int: Int] = [:]
        var clusters: [Int] = []
        for (pair, cluster) in zip(pairs.pairs, pairs.clusters) {
            guard let before = pair.first.scores[metric], let after = pair.second.scores[metric]
            else { continue }
            first.append(before)
            second.append(after)
            let number = numbers[cluster] ?? numbers.count
            numbers[cluster] = number
            clusters.append(number)
        }
        return first.isEmpty ? nil : (first, second, clusters)
    }

    // MARK: Verdicts

    private static func judge(
        _ estimate: PairedEstimate,
        _ metric: String,
        margin: Double
    ) -> (verdict: Verdict, reason: String) {
        guard estimate.probability != nil, let interval = estimate.equivalenceInterval
        else { return (.inconclusive, estimate.reason ?? "no interval") }
        if interval.lowerBound >= -margin, interval.upperBound <= margin {
            return (.equivalent, "the 90 % interval lies within the threshold")
        }
        if undirected.contains(metric) { return (.inconclusive, "no value is better than another") }
        guard estimate.isSignificant else { return (.inconclusive, openQuestion(estimate)) }
        let isBetter = (estimate.difference > 0) != isDescending(metric)
        return (isBetter ? .improved : .regressed, "p is below 5 % and the interval leaves 0 out")
    }

    /// Why a difference is neither shown nor ruled out.
    private static func openQuestion(_ estimate: PairedEstimate) -> String {
        switch ((estimate.probability ?? 1) < 0.05, estimate.interval?.contains(0) ?? true) {
        case (false, false): "the interval leaves 0 out, but p is not below 5 %: both are asked for"
        case (true, true): "p is below 5 %, but the interval holds 0: both are asked for"
        default: "too few samples to show a difference, or to rule out one beyond the threshold"
        }
    }

    // MARK: Categories

    private static func categories(
        _ pairs: SamplePairs,
        _ metric: String
    ) -> [CategoryDifference] {
        struct Key: Hashable {
            let category: String
            let value: String
        }
        var groups: [Key: [Int]] = [:]
        for (index, pair) in pairs.pairs.enumerated() {
            for (category, value) in pair.first.categories {
                groups[Key(category: category, value: value), default: []].append(index)
            }
        }
        let found = groups.filter { $0.value.count >= leastCount }
            .compactMap { key, indices -> CategoryDifference? in
                guard let estimate = estimate(of: indices, pairs, metric),
                    let probability = estimate.probability
                else { return nil }
                return CategoryDifference(
                    category: key.category,
                    value: key.value,
                    difference: estimate.difference,
                    count: estimate.count,
                    adjustedProbability: probability
                )
            }
            .sorted {
                ($0.difference, $0.category, $0.value) < ($1.difference, $1.category, $1.value)
            }
        let adjusted = HolmAdjustment.adjusted(found.map(\.adjustedProbability))
        return zip(found, adjusted).map { category, probability in
            var category = category
            category.adjustedProbability = probability
            return category
        }
    }

    private static func estimate(
        of indices: [Int],
        _ pairs: SamplePairs,
        _ metric: String
    ) -> PairedEstimate? {
        var (first, second, clusters): ([Double], [Double], [Int]) = ([], [], [])
        var numbers: [Int: Int] = [:]
        for index in indices {
            let pair = pairs.pairs[index]
            guard let before = pair.first.scores[metric], let after = pair.second.scores[metric]
            else { continue }
            first.append(before)
            second.append(after)
            let number = numbers[pairs.clusters[index]] ?? numbers.count
            numbers[pairs.clusters[index]] = number
            clusters.append(number)
        }
        var generator = KeyedGenerator(seed: 0, key: ["compare categories"])
        return first.isEmpty
            ? nil
            : PairedEstimate(of: first, and: second, clusters: clusters, using: &generator)
    }
}
