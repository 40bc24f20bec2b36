internal import Foundation

/// The difference of two results on the same samples, with its uncertainty.
///
/// Exchanging the two results negates difference and intervals to the bit and leaves p as it is.
public struct PairedEstimate: Sendable, Hashable {
    /// Second minus first, in the unit of the scores.
    public var difference: Double
    /// The 95 % interval of the difference.
    public var interval: ClosedRange<Double>?
    /// The 90 % interval: inside a margin on both sides, the results are equivalent (two one-sided
    /// tests at 5 %; Schuirmann 1987).
    public var equivalenceInterval: ClosedRange<Double>?
    /// The chance of so large a difference if there is none, two-sided.
    public var probability: Double?
    /// How interval and p are made.
    public var method: String
    /// Pairs of scores.
    public var count: Int
    /// Why there is no interval; nil if there is one.
    public var reason: String?

    /// Creates an estimate.
    public init(
        difference: Double,
        interval: ClosedRange<Double>? = nil,
        equivalenceInterval: ClosedRange<Double>? = nil,
        probability: Double? = nil,
        method: String,
        count: Int,
        reason: String? = nil
    ) {
        self.difference = difference
        self.interval = interval
        self.equivalenceInterval = equivalenceInterval
        self.probability = probability
        self.method = method
        self.count = count
        self.reason = reason
    }

    /// True if p is below 5 % and the 95 % interval leaves 0 out.
    public var isSignificant: Bool {
        guard let probability, let interval else { return false }
        return probability < 0.05 && !interval.contains(0)
    }
}

// MARK: Means

extension PairedEstimate {
    /// The difference of two means by a bootstrap over clusters.
    ///
    /// Intervals are percentiles; p comes from flipping the signs of clusters (`SignFlipTest`).
    /// Where all scores are 0 or 1 and no two samples share a cluster, p is McNemar's exact one.
    /// Complexity: resamples × clusters.
    /// - Parameters:
    ///   - first: finite scores.
    ///   - second: scores of the same samples.
    ///   - clusters: the cluster of each sample, from 0 without gaps.
    ///   - outputsDiffer: whether answers differ, though perhaps no score does.
    ///   - resampleCount: how often the clusters are drawn again.
    ///   - generator: draws them; the same for both orders of the results.
    public init(
        of first: [Double],
        and second: [Double],
        clusters: [Int],
        outputsDiffer: Bool = false,
        resampleCount: Int = 2000,
        using generator: inout some RandomNumberGenerator
    ) {
        precondition(
            first.count == second.count && first.count == clusters.count,
            "PairedEstimate: \(first.count) and \(second.count) scores, \(clusters.count) clusters"
        )
        let differences = zip(first, second).map { $1 - $0 }
        let count = differences.count
        let clusterCount = (clusters.max() ?? -1) + 1
        guard count > 0 else {
            self.init(difference: 0, method: "none", count: 0, reason: "no pairs")
            return
        }
        let mean = compensatedSum(differences) / Double(count)
        let unit = clusterCount == count ? "" : " over clusters"
        let name = "paired bootstrap\(unit), p by sign flips"
        guard differences.contains(where: { $0 != 0 }) else {
            self = Self.withoutDifference(
                count: count,
                chances: outputsDiffer ? clusterCount : nil,
                isShare: first.allSatisfy { 0...1 ~= $0 },
                method: "no score differs, exact bound"
            )
            return
        }
        guard clusterCount > 1 else {
            let reason = "no interval: one cluster (two are needed)"
            self.init(difference: mean, method: name, count: count, reason: reason)
            return
        }
        let bootstrap = ClusterMeans(differences, clusters, clusterCount: clusterCount)
        let means = bootstrap.resampled(resampleCount, using: &generator)
        let isBinary =
            clusterCount == count && (first + second).allSatisfy { $0 == 0 || $0 == 1 }
        self.init(
            difference: mean,
            interval: Self.interval(means, level: 0.95),
            equivalenceInterval: Self.interval(means, level: 0.90),
            probability: isBinary
                ? McNemarTest.probability(
                    gained: differences.count { $0 > 0 },
                    lost: differences.count { $0 < 0 }
                ) : SignFlipTest.probability(of: bootstrap.sums, using: &generator),
            method: isBinary ? "paired bootstrap, p exact McNemar" : name,
            count: count
        )
    }

    /// No pair differs: where outputs are equal nothing can, else so few do that in so many chances
    /// none was seen, and the difference is no larger than their share (Clopper and Pearson, 1934).
    private static func withoutDifference(
        count: Int,
        chances: Int?,
        isShare: Bool,
        method: String
    ) -> PairedEstimate {
        guard let chances else {
            return PairedEstimate(
                difference: 0,
                interval: 0...0,
                equivalenceInterval: 0...0,
                probability: 1,
                method: "every pair is equal",
                count: count
            )
        }
        func bound(_ level: Double) -> ClosedRange<Double>? {
            let share = 1 - pow((1 - level) / 2, 1 / Double(chances))
            return isShare ? -share...share : nil
        }
        return PairedEstimate(
            difference: 0,
            interval: bound(0.95),
            equivalenceInterval: bound(0.90),
            probability: 1,
            method: method,
            count: count,
            reason: isShare ? nil : "no interval: outputs differ, but no score does"
        )
    }

    /// The upper end is the lower one of the negated values: rounding then knows no direction.
    private static func interval(_ values: [Double], level: Double) -> ClosedRange<Double> {
        let tail = (1 - level) / 2
        let low = Bootstrap.quantile(tail, of: values.sorted())
        let high = -Bootstrap.quantile(tail, of: values.map { -$0 }.sorted())
        return low...max(low, high)
    }
}

/// Sums and sizes of clusters, to be drawn again.
private struct ClusterMeans {
    private(set) var sums: [Double]
    private var sizes: [Double]

    init(_ values: [Double], _ clusters: [Int], clusterCount: Int) {
        sums = [Double](repeating: 0, count: clusterCount)
        sizes = sums
        for (value, cluster) in zip(values, clusters) {
            sums[cluster] += value
            sizes[cluster] += 1
        }
    }

    func resampled(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Double] {
        let bound = UInt64(sums.count)
        return (0..<count).map { _ in
            var (sum, size) = (0.0, 0.0)
            for _ in sums.indices {
                let draw = Int(generator.next().multipliedFullWidth(by: bound).high)
                sum += sums[draw]
                size += sizes[draw]
            }
            return size > 0 ? sum / size : 0
        }
    }
}

// MARK: Areas under ROC curves

extension PairedEstimate {
    /// The difference of two areas under ROC curves over the same samples, by DeLong's covariance.
    /// - Parameters:
    ///   - first: scores, larger means rather positive.
    ///   - second: the other scores of the same samples.
    ///   - isPositive: the class of each sample.
    /// - Returns: nil where a class is missing or a score is not a number.
    public static func areas(
        of first: [Double],
        and second: [Double],
        isPositive: [Bool]
    ) -> PairedEstimate? {
        guard let before = PlacementValues(of: first, isPositive: isPositive),
            let after = PlacementValues(of: second, isPositive: isPositive)
        else { return nil }
        let difference = after.area - before.area
        let count = first.count
        if before.ofPositives == after.ofPositives, before.ofNegatives == after.ofNegatives {
            let counts = [before.ofPositives.count, before.ofNegatives.count]
            return withoutDifference(
                count: count,
                chances: first == second ? nil : counts.max(),
                isShare: true,
                method: "no rank differs, exact bound"
            )
        }
        let variance = variance(before, after)
        guard let variance, variance > 0 else {
            let reason =
                variance == nil
                ? "two samples of each class are needed"
                : "the scores separate the classes too well to have an error"
            return PairedEstimate(
                difference: difference,
                method: "paired DeLong",
                count: count,
                reason: "no interval: " + reason
            )
        }
        let error = variance.squareRoot()
        func interval(_ level: Double) -> ClosedRange<Double> {
            let reach = StandardNormal.quantile(0.5 + level / 2) * error
            return difference - reach...difference + reach
        }
        return PairedEstimate(
            difference: difference,
            interval: interval(0.95),
            equivalenceInterval: interval(0.90),
            probability: 2 * StandardNormal.cumulative(-abs(difference) / error),
            method: "paired DeLong",
            count: count
        )
    }

    private static func variance(_ first: PlacementValues, _ second: PlacementValues) -> Double? {
        guard min(first.ofPositives.count, first.ofNegatives.count) > 1 else { return nil }
        let own = first.covariance(with: first) + second.covariance(with: second)
        return max(0, own - 2 * first.covariance(with: second))
    }
}
