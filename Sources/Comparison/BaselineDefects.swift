internal import EvalCore

extension Baseline {
    /// What is wrong with runs that were read from a file; nil if they could be those of a store.
    ///
    /// Such files are merged and edited by hand: a gate that counts a run twice or believes a value
    /// that its samples contradict lets losses pass.
    var defect: String? {
        if runs.isEmpty { return "it has no run" }
        for (index, run) in runs.enumerated() {
            if let defect = run.defect { return "run \(run.run) \(defect)" }
            if let other = runs[..<index].first(where: { $0.isRival(of: run) }) {
                return "runs \(other.run) and \(run.run) ask the same: \(run.title)"
            }
        }
        return nil
    }
}

extension ComparedRun {
    fileprivate var defect: String? {
        if errorCount < 0 || errorCount > Int(UInt32.max) { return "has \(errorCount) errors" }
        if Set(samples.map(\.id)).count < samples.count { return "has a sample twice" }
        if Set(metrics.map(\.metric)).count < metrics.count { return "has a metric twice" }
        for metric in metrics where !(metric.value ?? 0).isPossible || metric.version < 1 {
            return "has an impossible \(metric.metric)"
        }
        for sample in samples {
            if let defect = sample.defect { return "has \(defect) in sample \(sample.id)" }
        }
        return contradiction
    }

    /// A headline that is not the mean of its samples' scores, though all have one.
    private var contradiction: String? {
        guard let headline = metrics.first, let value = headline.value, !samples.isEmpty,
            errorCount == 0
        else { return nil }
        let scores = samples.compactMap { $0.scores[headline.metric] }
        guard scores.count == samples.count else { return nil }
        let mean = scores.reduce(0, +) / Double(scores.count)
        guard abs(mean - value) > 1e-6 * max(1, abs(value)) else { return nil }
        return "has \(headline.metric) \(value), but its samples' mean is \(mean)"
    }
}

extension ComparedSample {
    fileprivate var defect: String? {
        if let name = scores.first(where: { !$0.value.isPossible })?.key {
            return "an impossible \(name)"
        }
        guard let pairLogprobs else { return nil }
        return pairLogprobs.count == 2 && pairLogprobs.allSatisfy(\.isFinite)
            ? nil : "pair_logprobs that are not two numbers"
    }
}

extension Double {
    /// No metric is as large; sums of such numbers stay numbers.
    fileprivate var isPossible: Bool { abs(self) <= 1e9 }
}
