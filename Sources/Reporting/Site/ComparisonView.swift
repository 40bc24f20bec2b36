public import Comparison
public import EvalCore

/// Two runs of one benchmark as their page shows them side by side.
public struct ComparisonView: Sendable {
    /// A sample that came out differently.
    public struct Flip: Sendable, Hashable {
        /// As the first run has it.
        public var first: SampleView
        /// As the second run has it.
        public var second: SampleView

        /// Creates a flip.
        public init(first: SampleView, second: SampleView) {
            self.first = first
            self.second = second
        }
    }

    /// The run that is compared with.
    public var first: RunSummary
    /// The run that is compared.
    public var second: RunSummary
    /// What distinguishes them, in a few words.
    public var difference: String
    /// What came of it.
    public var comparison: RunComparison
    /// Samples that changed and are shown: losses, gains, then other answers.
    public var flips: [Flip]

    /// Creates a view.
    public init(
        first: RunSummary,
        second: RunSummary,
        difference: String,
        comparison: RunComparison,
        flips: [Flip]
    ) {
        self.first = first
        self.second = second
        self.difference = difference
        self.comparison = comparison
        self.flips = flips
    }

    /// The pair as lists name it.
    public var pair: ComparedPair {
        ComparedPair(
            first: first.run,
            second: second.run,
            difference: difference,
            metric: comparison.metrics.first,
            verdict: comparison.verdict
        )
    }
}

/// Two runs that are compared on a page of their own.
public struct ComparedPair: Sendable, Hashable {
    /// The run that is compared with.
    public var first: String
    /// The run that is compared.
    public var second: String
    /// What distinguishes them, in words.
    public var difference: String
    /// The headline of both; nil if they share no metric.
    public var metric: PairedMetric?
    /// The outcome.
    public var verdict: Verdict

    /// Where its page lies below the site.
    var path: String {
        "compare/\(PageName.file(first))-\(PageName.file(second)).html"
    }
}
