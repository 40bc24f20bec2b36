public import EvalCore

/// Two runs of one benchmark as their page shows them side by side.
public struct ComparisonView: Sendable {
    /// A setting in which the runs' recipes differ.
    public struct Setting: Sendable, Hashable {
        /// Its name, in words.
        public var name: String
        /// The first run's.
        public var first: String
        /// The second run's.
        public var second: String

        /// Creates a setting.
        public init(name: String, first: String, second: String) {
            self.name = name
            self.first = first
            self.second = second
        }
    }

    /// A metric of both runs.
    public struct Metric: Sendable, Hashable {
        /// The metric's name.
        public var metric: String
        /// The first run's value, in the metric's own unit.
        public var first: Double?
        /// The second run's value.
        public var second: Double?
        /// Second minus first over the samples that both have.
        public var difference: Double?
        /// The 95 % interval of the difference.
        public var interval: ClosedRange<Double>?
        /// How interval and p were made.
        public var method: String
        /// The chance of so large a difference if there is none.
        public var p: Double?
        /// The verdict in words.
        public var verdict: String

        /// Creates a metric.
        public init(
            metric: String,
            first: Double?,
            second: Double?,
            difference: Double?,
            interval: ClosedRange<Double>?,
            method: String,
            p: Double?,
            verdict: String
        ) {
            self.metric = metric
            self.first = first
            self.second = second
            self.difference = difference
            self.interval = interval
            self.method = method
            self.p = p
            self.verdict = verdict
        }
    }

    /// A category value over which the runs differ.
    public struct Category: Sendable, Hashable {
        /// Such as `question_type`.
        public var category: String
        /// Such as `what color`.
        public var value: String
        /// Second minus first of the headline, in its own unit.
        public var difference: Double
        /// Pairs of samples.
        public var count: Int
        /// Adjusted for the number of categories looked at; nil where none was made.
        public var p: Double?

        /// Creates a category.
        public init(category: String, value: String, difference: Double, count: Int, p: Double?) {
            self.category = category
            self.value = value
            self.difference = difference
            self.count = count
            self.p = p
        }
    }

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
    /// The pair as lists name it.
    public var pair: ComparedPair
    /// Why the verdict is what it is.
    public var reason: String
    /// Samples that both runs have.
    public var pairCount: Int
    /// What must be said about samples and prompts: those without a partner, prompts that differ.
    public var remarks: [String]
    /// In what the recipes differ.
    public var settings: [Setting]
    /// The metrics, headline first.
    public var metrics: [Metric]
    /// Where the second run is worse, most first.
    public var losses: [Category]
    /// How many samples have a higher and a lower headline score, and another answer only.
    public var counts: (better: Int, worse: Int, changed: Int)
    /// Those shown, in query order.
    public var flips: [Flip]

    /// Creates a view.
    public init(
        first: RunSummary,
        second: RunSummary,
        pair: ComparedPair,
        reason: String,
        pairCount: Int,
        remarks: [String],
        settings: [Setting],
        metrics: [Metric],
        losses: [Category],
        counts: (better: Int, worse: Int, changed: Int),
        flips: [Flip]
    ) {
        self.first = first
        self.second = second
        self.pair = pair
        self.reason = reason
        self.pairCount = pairCount
        self.remarks = remarks
        self.settings = settings
        self.metrics = metrics
        self.losses = losses
        self.counts = counts
        self.flips = flips
    }
}
