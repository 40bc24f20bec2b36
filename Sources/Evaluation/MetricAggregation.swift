internal import EvalCore
internal import Scoring
internal import Statistics
internal import Tasks

/// Gathers scores of samples and makes the aggregates of a run of them.
struct MetricAggregation {
    private let metrics: [Metric]
    private var tallies: [String: MetricTally] = [:]

    init(_ metrics: [Metric]) { self.metrics = metrics }

    /// Adds the scores of one sample.
    mutating func add(_ scores: [Score], cluster: String, categories: [String: String]) {
        for score in scores {
            tallies[score.metric, default: MetricTally()]
                .add(score.value, cluster: cluster, categories: categories)
        }
    }

    /// One aggregate per metric, headline first, with its 95 % interval clustered by picture.
    var values: [MetricValue] { metrics.map(value) }

    private func value(_ metric: Metric) -> MetricValue {
        let tally = tallies[metric.name] ?? MetricTally()
        let estimate = MeanEstimate(of: tally.values, clusters: tally.clusters)
        return MetricValue(
            metric: metric.name,
            version: metric.version,
            value: estimate.value,
            interval: estimate.interval.map { $0.clamped(to: metric.range) },
            intervalMethod: estimate.interval.map { _ in estimate.method },
            count: estimate.count,
            reason: estimate.reason,
            breakdown: tally.breakdown
        )
    }
}

extension Metric {
    /// The values that the metric can take: each one there is, is a proportion.
    fileprivate var range: ClosedRange<Double> { 0...1 }
}

extension TaskDefinition {
    /// The task's metrics, headline first, each in the version that the task file names.
    func scoringMetrics() throws -> [Metric] {
        try metrics.map { wanted in
            let metric = try Metric.named(wanted.name)
            guard metric.version == wanted.version else {
                throw EvaluationError.metricVersion(
                    metric: wanted.name,
                    wanted: wanted.version,
                    known: metric.version,
                    file: file
                )
            }
            return metric
        }
    }

    /// The categories of a sample by which this task's metrics are broken down.
    func breakdownCategories(of sample: Sample) -> [String: String] {
        sample.categories.filter { breakdown.contains($0.key) }
    }
}
