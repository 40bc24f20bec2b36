internal import EvalCore
internal import Statistics

/// A metric's difference between neighbouring runs of a history.
public struct HistoryStep: Sendable, Hashable {
    /// How the difference was judged.
    public enum Test: Sendable, Hashable {
        /// Sample by sample, as `compare` does; the method's name.
        case paired(String)
        /// The difference against the two runs' intervals, as of separate samples.
        case intervals
        /// No test: another metric version, or an undefined value.
        case none
    }

    /// The later value minus the earlier one, in the metric's own unit; nil if undefined.
    public private(set) var difference: Double?
    /// Its 95 % interval; nil without a test.
    public private(set) var interval: ClosedRange<Double>?
    /// How it was judged.
    public private(set) var test = Test.none
    /// Samples that both runs answered.
    public let pairCount: Int
    /// How many of them were answered with another output.
    public let changedOutputCount: Int
    /// True if the two recipes are equal, so that no output may have changed.
    public let isSameRecipe: Bool

    /// True if the difference is beyond chance: as `compare` judges where samples were paired,
    /// else by the interval.
    public private(set) var isStep = false
    /// True if an output changed although nothing that decides it did.
    public var isAlert: Bool { isSameRecipe && changedOutputCount > 0 }

    init(
        from before: (run: ComparedRun, value: MetricValue),
        to after: (run: ComparedRun, value: MetricValue),
        isSameRecipe: Bool
    ) {
        let pairs = SamplePairs(before.run, after.run)
        pairCount = pairs.count
        changedOutputCount = pairs.changedOutputCount
        self.isSameRecipe = isSameRecipe
        guard before.value.version == after.value.version, let old = before.value.value,
            let new = after.value.value
        else { return }
        difference = new - old
        let estimate = PairedMetrics.estimate(of: after.value.metric, pairs)
        // Sample by sample only where every scored sample of both has its counterpart.
        if let estimate, let interval = estimate.interval, estimate.count == before.value.count,
            estimate.count == after.value.count
        {
            (self.interval, test) = (interval, .paired(estimate.method))
            isStep = estimate.isSignificant
        } else if let interval = Self.interval(before.value, after.value) {
            (self.interval, test) = (interval, .intervals)
            isStep = !interval.contains(0)
        }
    }

    /// Intervals need not be symmetric: each end moves by the halves that point its way.
    private static func interval(
        _ before: MetricValue,
        _ after: MetricValue
    ) -> ClosedRange<Double>? {
        guard let old = before.interval, let new = after.interval, let a = before.value,
            let b = after.value
        else { return nil }
        let (lowOld, highOld) = (a - old.lowerBound, old.upperBound - a)
        let (lowNew, highNew) = (b - new.lowerBound, new.upperBound - b)
        let below = (lowNew * lowNew + highOld * highOld).squareRoot()
        let above = (highNew * highNew + lowOld * lowOld).squareRoot()
        return (b - a - below)...(b - a + above)
    }
}
