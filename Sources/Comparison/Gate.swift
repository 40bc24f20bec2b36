public import Statistics

/// Runs held against a baseline, all together.
///
/// A run fails if its headline is worse beyond chance, by Holm over all runs of the gate, and beyond
/// the practical threshold. It passes if a loss beyond the threshold is ruled out.
public struct Gate: Sendable {
    /// How a run came out.
    public enum Outcome: String, Sendable, Hashable {
        case passed, improved, regressed, inconclusive
        /// An output changed although nothing that identifies the run did.
        case changed = "output changed"
        case notComparable = "not comparable"
        case missing
    }

    /// A baseline's run and what became of it.
    public struct Row: Sendable {
        /// The baseline's run.
        public var baseline: ComparedRun
        /// What it is called among the others.
        public var title: String
        /// The run that is compared, nil if there is none.
        public var comparison: RunComparison?
        /// p of the headline, adjusted for all rows.
        public var adjustedProbability: Double?
        /// How it came out.
        public var outcome: Outcome
        /// Why, in words.
        public var reason: String
    }

    /// The baseline's name.
    public var name: String
    /// One per run of the baseline, in its order.
    public var rows: [Row]

    /// Holds runs against a baseline.
    /// - Parameters:
    ///   - baseline: the runs to be held against.
    ///   - runs: candidates; each baseline run is compared with its counterpart among them.
    ///   - margins: practical thresholds.
    public init(_ baseline: Baseline, _ runs: [ComparedRun], margins: Margins = Margins()) {
        name = baseline.name
        let comparisons = baseline.runs.map { base in
            baseline.counterpart(of: base, among: runs.map(\.recipe))
                .map { RunComparison(base, runs[$0], margins: margins) }
        }
        let probabilities = comparisons.compactMap { $0?.headline?.probability }
        var adjusted = HolmAdjustment.adjusted(probabilities).makeIterator()
        rows = zip(baseline.runs, comparisons).map { base, comparison in
            let p = comparison?.headline?.probability.flatMap { _ in adjusted.next() }
            let (outcome, reason) = Self.judge(comparison, adjusted: p)
            return Row(
                baseline: base,
                title: baseline.title(of: base),
                comparison: comparison,
                adjustedProbability: p,
                outcome: outcome,
                reason: reason
            )
        }
    }

    /// True if a run is worse, or changed without a reason.
    public var hasRegression: Bool {
        rows.contains { $0.outcome == .regressed || $0.outcome == .changed }
    }

    /// True if a run could not be judged.
    public var hasOpenQuestion: Bool {
        rows.isEmpty
            || rows.contains {
                [.inconclusive, .notComparable, .missing].contains($0.outcome)
            }
    }

    private static func judge(
        _ comparison: RunComparison?,
        adjusted: Double?
    ) -> (Outcome, String) {
        guard let comparison else { return (.missing, "no run asks the same") }
        if comparison.changedWithoutReason {
            let count = "\(comparison.changedOutputCount) of \(comparison.pairCount) outputs"
            let what = comparison.changedPromptCount > 0 ? ", but not the pictures" : ""
            return (.changed, "\(count) changed although all settings are the same\(what)")
        }
        if comparison.verdict == .notComparable { return (.notComparable, comparison.reason) }
        guard let metric = comparison.metrics.first, let estimate = metric.estimate, let adjusted,
            let judged = judge(estimate, metric, adjusted: adjusted)
        else { return (.inconclusive, comparison.reason) }
        // A loss counts whatever was asked; anything else says nothing of another question.
        guard judged.0 == .regressed || comparison.changedPromptCount == 0 else {
            return (
                .notComparable, "the prompts are not the baseline's; if that is meant, save another"
            )
        }
        return judged
    }

    /// Two guards: chance, and what matters in practice.
    private static func judge(
        _ estimate: PairedEstimate,
        _ metric: PairedMetric,
        adjusted: Double
    ) -> (Outcome, String)? {
        guard let interval = estimate.interval else { return nil }
        let gain =
            PairedMetrics.isDescending(metric.metric)
            ? -interval.upperBound...(-interval.lowerBound) : interval
        if adjusted < 0.05, gain.upperBound < 0 {
            return abs(estimate.difference) > metric.margin
                ? (.regressed, "worse beyond chance and beyond the threshold")
                : (.passed, "worse, but by less than the threshold")
        }
        if adjusted < 0.05, gain.lowerBound > 0 { return (.improved, "better beyond chance") }
        return gain.lowerBound >= -metric.margin
            ? (.passed, "a loss beyond the threshold is ruled out")
            : (.inconclusive, "a loss beyond the threshold is neither shown nor ruled out")
    }
}

extension RunComparison {
    /// The headline's difference.
    public var headline: PairedEstimate? { metrics.first?.estimate }
}
