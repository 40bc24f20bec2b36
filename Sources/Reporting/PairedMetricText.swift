public import Comparison
internal import Statistics

/// A metric of two runs in the words of tables.
public struct PairedMetricText: Sendable {
    /// The first run's value; `–` if undefined.
    public let first: String
    /// The second run's.
    public let second: String
    /// Second minus first with its sign.
    public let difference: String
    /// The 95 % interval of the difference, such as `[−1.0, +6.2]`.
    public let interval: String
    /// p, such as `0.149`.
    public let probability: String
    /// How interval and p were made.
    public let method: String

    /// - Parameter metric: what is shown.
    public init(_ metric: PairedMetric) {
        let display = MetricDisplay(metric: metric.metric)
        let estimate = metric.estimate
        first = metric.first.map(display.text) ?? "–"
        second = metric.second.map(display.text) ?? "–"
        // A value without scores of samples still has a difference.
        let total = metric.first.flatMap { before in metric.second.map { $0 - before } }
        difference =
            (estimate?.difference ?? total).map { display.text(difference: $0) } ?? "–"
        interval =
            estimate?.interval.map { display.text(differences: $0) } ?? "–"
        probability = estimate?.probability.map(Self.probability) ?? "–"
        method = estimate?.method ?? ""
    }

    /// A probability with three digits.
    public static func probability(_ p: Double) -> String { p < 0.001 ? "< 0.001" : p.fixed(3) }
}
