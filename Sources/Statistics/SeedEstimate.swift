/// A value over several seeds: the errors of items and of seeds kept apart.
///
/// Scores of S seeds for n items are not S·n independent numbers: the items are the same. Items
/// give the error of the mean over seeds, seeds that of the draw:
/// SE² = SE²(items) + s²/S, where s is the standard deviation over seeds. Part of s comes from the
/// items' own noise, so SE errs to the safe side.
public struct SeedEstimate: Sendable, Hashable {
    /// The mean over seeds.
    public let mean: Double
    /// Standard deviation over seeds, with S − 1; nil for one seed.
    public let spread: Double?
    /// The smallest and the largest value.
    public let range: ClosedRange<Double>
    /// Standard error from the items alone; nil if undefined.
    public let itemError: Double?
    /// Standard error from items and seeds; nil if undefined, and for one seed.
    public let standardError: Double?
    /// The 95 % interval of the mean, by t with Satterthwaite's degrees of freedom; nil where the
    /// standard error is.
    public private(set) var interval: ClosedRange<Double>?

    /// Joins the values of several seeds.
    /// - Parameters:
    ///   - values: one per seed, finite, at least one.
    ///   - itemError: standard error of their mean that comes from the items; nil if undefined.
    ///   - itemDegreesOfFreedom: of that error, > 0.
    ///   - level: coverage of the interval, between 0 and 1.
    public init(
        of values: [Double],
        itemError: Double?,
        itemDegreesOfFreedom: Double,
        level: Double = 0.95
    ) {
        precondition(!values.isEmpty, "SeedEstimate: no seeds")
        precondition(values.allSatisfy(\.isFinite), "SeedEstimate: a value is not finite")
        let count = Double(values.count)
        let mean = compensatedSum(values) / count
        self.mean = mean
        range = (values.min() ?? mean)...(values.max() ?? mean)
        self.itemError = itemError
        guard values.count > 1 else {
            (spread, standardError, interval) = (nil, nil, nil)
            return
        }
        let variance =
            values.lazy.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
        spread = variance.squareRoot()
        // Items that all score alike leave the error of the draw.
        guard let itemError, itemError.isFinite, itemError + variance > 0 else {
            (standardError, interval) = (nil, nil)
            return
        }
        let (items, seeds) = (itemError * itemError, variance / count)
        let error = (items + seeds).squareRoot()
        let degrees =
            (items + seeds) * (items + seeds)
            / (items * items / itemDegreesOfFreedom + seeds * seeds / (count - 1))
        let reach = StudentT(degreesOfFreedom: degrees).quantile(0.5 + level / 2) * error
        standardError = error
        interval = (mean - reach)...(mean + reach)
    }

    /// The estimate with its interval cut to the values that there are.
    /// - Parameter range: of the metric; holds the mean.
    /// - Returns: the cut estimate.
    public func clamped(to range: ClosedRange<Double>) -> SeedEstimate {
        var cut = self
        cut.interval = interval?.clamped(to: range)
        return cut
    }
}
