public import EvalCore

/// Where a run stands, told after each commit.
public struct RunProgress: Sendable, Hashable {
    /// The run's id.
    public var run: String
    /// Samples of the run.
    public var total: Int
    /// Samples with a durable row.
    public var finished: Int
    /// Those of them that failed.
    public var failed: Int
    /// Samples that this process has computed.
    public var computed: Int
    /// Seconds since this process began with the run's first sample.
    public var seconds: Double
    /// Name and mean of the headline metric over what is finished; nil without scores.
    public var headline: (name: String, mean: Double)? {
        headlineMean.map { (headlineName, $0) }
    }
    var headlineName = ""
    var headlineMean: Double?

    /// Samples per second of this process, nil before the first.
    public var rate: Double? {
        computed > 0 && seconds > 0 ? Double(computed) / seconds : nil
    }

    /// Seconds until the end at the present rate.
    public var remainingSeconds: Double? { rate.map { Double(total - finished) / $0 } }
}

/// What a caller is told while runs go on.
public enum PipelineEvent: Sendable {
    /// A run was opened: its id, plan and how many samples it has already.
    case opened(run: String, plan: RunPlan, finished: Int)
    /// Queries whose pictures cannot be compared; each fails when its turn comes.
    case queriesUnreadable(count: Int, first: SampleFailure)
    /// Samples became durable.
    case progress(RunProgress)
}
