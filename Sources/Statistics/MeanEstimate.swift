internal import Foundation

/// A mean with its uncertainty, or why either is undefined.
public struct MeanEstimate: Sendable, Hashable {
    /// The mean, in the unit of the values; nil if undefined.
    public var value: Double?
    /// Standard error of the mean; nil if undefined.
    public var standardError: Double?
    /// The interval at the level asked for; nil if undefined.
    ///
    /// It is symmetric and may reach beyond the range of the values.
    public var interval: ClosedRange<Double>?
    /// How the interval is made: `t` or `clustered t`.
    public var method: String
    /// Number of values.
    public var count: Int
    /// Number of clusters; equal to `count` if each value stands alone.
    public var clusterCount: Int
    /// Why value or interval is undefined; nil if neither is.
    public var reason: String?
}

extension MeanEstimate {
    /// The mean of independent values with its t interval.
    /// - Parameters:
    ///   - values: finite; any number of them.
    ///   - level: coverage of the interval, between 0 and 1.
    public init(of values: [Double], level: Double = 0.95) {
        self.init(
            values,
            clusterCount: values.count,
            method: "t",
            unit: "value",
            level: level
        ) { mean in
            values.lazy.map { $0 - mean }.map { $0 * $0 }.reduce(0, +)
        }
    }

    /// The mean of values that come in clusters (several questions about one picture), with its
    /// cluster-robust interval.
    ///
    /// SE² = C/(C − 1) · Σ_c (Σ_{i ∈ c} (x_i − x̄))² / n², with C − 1 degrees of freedom. With one
    /// value per cluster this is the plain t interval. Complexity: O(n).
    /// - Parameters:
    ///   - values: finite; any number of them.
    ///   - clusters: the cluster of each value, any non-negative numbers below `values.count`.
    ///   - level: coverage of the interval, between 0 and 1.
    public init(of values: [Double], clusters: [Int], level: Double = 0.95) {
        precondition(
            values.count == clusters.count,
            "MeanEstimate: \(values.count) values, \(clusters.count) clusters"
        )
        precondition(
            clusters.allSatisfy { values.indices.contains($0) },
            "MeanEstimate: a cluster number outside 0..<\(values.count)"
        )
        var isUsed = [Bool](repeating: false, count: values.count)
        for cluster in clusters { isUsed[cluster] = true }
        let clusterCount = isUsed.lazy.filter { $0 }.count
        self.init(
            values,
            clusterCount: clusterCount,
            method: "clustered t",
            unit: "cluster",
            level: level
        ) { mean in
            var sums = [Double](repeating: 0, count: values.count)
            for (value, cluster) in zip(values, clusters) { sums[cluster] += value - mean }
            return sums.lazy.map { $0 * $0 }.reduce(0, +)
        }
    }

    /// `squares` gives Σ over clusters of the squared sum of deviations from the mean.
    private init(
        _ values: [Double],
        clusterCount: Int,
        method: String,
        unit: String,
        level: Double,
        squares: (Double) -> Double
    ) {
        precondition(level > 0 && level < 1, "MeanEstimate: level = \(level), expected 0…1")
        self.init(method: method, count: values.count, clusterCount: clusterCount)
        guard let first = values.first else {
            reason = "no scored samples"
            return
        }
        guard values.allSatisfy(\.isFinite) else {
            reason = "a score is not finite"
            return
        }
        let mean = compensatedSum(values) / Double(values.count)
        guard mean.isFinite else {
            reason = "the sum of the scores is not finite"
            return
        }
        value = mean
        guard clusterCount > 1 else {
            reason = "no interval: one \(unit) (two are needed)"
            return
        }
        // Equal values say nothing about the spread; an interval of width 0 would claim certainty.
        guard values.contains(where: { $0 != first }) else {
            value = first
            reason = "no interval: all \(values.count) values are equal"
            return
        }
        let clusters = Double(clusterCount)
        let error =
            (clusters / (clusters - 1) * squares(mean)).squareRoot() / Double(values.count)
        guard error > 0 && error.isFinite else {
            reason = "no interval: the spread between \(unit)s is \(error)"
            return
        }
        let reach = StudentT(degreesOfFreedom: clusters - 1).quantile(0.5 + level / 2) * error
        standardError = error
        interval = (mean - reach)...(mean + reach)
    }
}

/// The sum of `values` with Neumaier's compensation: its error does not grow with their number.
func compensatedSum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
        let next = sum + value
        lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    return sum + lost
}
