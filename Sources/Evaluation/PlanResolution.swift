internal import Scoring
internal import Statistics
internal import Tasks

/// The differences of a headline that a run is large enough to show.
///
/// Two-sided at 5 % with a power of 80 %, samples taken as independent. Before a run the spread of
/// scores is unknown, so the largest that the metric's range allows is assumed, half of the range:
/// what is stated is an upper end (docs/metrics.md).
public struct PlanResolution: Sendable, Hashable {
    /// Name of the headline metric.
    public let metric: String
    /// Between two runs on other samples, or two numbers of which no more is known; in the
    /// metric's own unit.
    public let independent: Double
    /// Between two runs on the same samples, compared sample by sample.
    public let paired: Double

    /// The correlation of two runs' scores over samples that `paired` assumes.
    public static let correlation = 0.5

    /// What `count` samples of a task can show; nil where the headline is no mean of bounded
    /// scores.
    /// - Parameters:
    ///   - task: the task.
    ///   - count: its queries, ≥ 1.
    /// - Throws: `EvaluationError` for a metric that there is not.
    init?(_ task: TaskDefinition, count: Int) throws {
        guard let headline = try task.scoringMetrics().first, case .mean = headline.rule,
            headline.interval != .bootstrap
        else { return nil }
        let deviation = (headline.range.upperBound - headline.range.lowerBound) / 2
        let test = DetectableDifference()
        metric = headline.name
        independent = test.ofIndependent(deviation: deviation, count: count)
        paired = test.ofPaired(
            deviation: deviation,
            correlation: Self.correlation,
            count: count
        )
    }
}
