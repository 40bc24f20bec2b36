internal import EvalCore
internal import Statistics

/// Judges the difference between two runs, in one walk over the samples of each.
struct HistoryStep {
    let step: RunHistory.Step

    /// - Parameters:
    ///   - before: the earlier run and its metric.
    ///   - after: the later run and its metric.
    /// - Throws: store errors.
    init(
        from before: (source: RunHistory.Source, value: MetricValue),
        to after: (source: RunHistory.Source, value: MetricValue)
    ) throws {
        let recipes = (
            before.source.recipe(beside: after.source), after.source.recipe(beside: before.source)
        )
        var pairs = try SamplePairs(before.source, before.value)
        try pairs.add(after.source, after.value)
        var step = RunHistory.Step(
            test: .none,
            pairs: pairs.count,
            changedOutputs: pairs.changedOutputs,
            isSameRecipe: recipes.0 == recipes.1
        )
        if before.value.version == after.value.version,
            let (old, new) = before.value.value.flatMap({ old in
                after.value.value.map { (old, $0) }
            })
        {
            step.difference = new - old
            (step.interval, step.test) = Self.interval(pairs, before.value, after.value)
        }
        self.step = step
    }

    /// Paired where every scored sample of both has its counterpart, else from the two intervals.
    private static func interval(
        _ pairs: SamplePairs,
        _ before: MetricValue,
        _ after: MetricValue
    ) -> (ClosedRange<Double>?, RunHistory.Step.Test) {
        if pairs.differences.count == before.count, before.count == after.count, before.count > 0 {
            let isUnchanged = pairs.differences.allSatisfy { $0 == 0 }
            if isUnchanged { return (0...0, .paired) }
            let mean = MeanEstimate(of: pairs.differences, clusters: pairs.clusters)
            if let interval = mean.interval { return (interval, .paired) }
        }
        guard let old = before.interval, let new = after.interval, let a = before.value,
            let b = after.value
        else { return (nil, .none) }
        // Intervals need not be symmetric: each end moves by the halves that point its way.
        let (lowOld, highOld) = (a - old.lowerBound, old.upperBound - a)
        let (lowNew, highNew) = (b - new.lowerBound, new.upperBound - b)
        let below = (lowNew * lowNew + highOld * highOld).squareRoot()
        let above = (highNew * highNew + lowOld * lowOld).squareRoot()
        return ((b - a - below)...(b - a + above), .intervals)
    }
}

/// Samples of two runs, by id.
private struct SamplePairs {
    private struct Earlier {
        var outcome: Int
        var score: Double?
        var cluster: Int
    }

    private var earlier: [[UInt8]: Earlier] = [:]
    private var clusterNumbers: [String: Int] = [:]
    /// Score differences of samples that both runs scored.
    private(set) var differences: [Double] = []
    /// Their clusters.
    private(set) var clusters: [Int] = []
    /// Samples that both runs answered.
    private(set) var count = 0
    /// Those of other output.
    private(set) var changedOutputs = 0

    init(_ source: RunHistory.Source, _ value: MetricValue) throws {
        try source.reader.eachSample(of: source.run.run) { record in
            guard record.failure == nil else { return }
            let next = clusterNumbers.count
            let cluster = clusterNumbers[record.cluster, default: next]
            clusterNumbers[record.cluster] = cluster
            earlier[Array(record.id.utf8)] = Earlier(
                outcome: record.outcome,
                score: record.score(value),
                cluster: cluster
            )
        }
    }

    mutating func add(_ source: RunHistory.Source, _ value: MetricValue) throws {
        try source.reader.eachSample(of: source.run.run) { record in
            guard record.failure == nil, let before = earlier[Array(record.id.utf8)] else { return }
            count += 1
            if record.outcome != before.outcome { changedOutputs += 1 }
            guard let old = before.score, let new = record.score(value) else { return }
            differences.append(new - old)
            clusters.append(before.cluster)
        }
        // Cluster numbers must lie below the number of values.
        var numbers: [Int: Int] = [:]
        clusters = clusters.map { cluster in
            let number = numbers[cluster, default: numbers.count]
            numbers[cluster] = number
            return number
        }
    }
}

extension SampleRecord {
    /// A digest of what the engine answered, within this process.
    fileprivate var outcome: Int {
        var hasher = Hasher()
        hasher.combine(output.map { Array($0.utf8) })
        hasher.combine(outputTokens)
        hasher.combine(candidateLogprobs.map(\.bitPattern))
        return hasher.finalize()
    }

    fileprivate func score(_ value: MetricValue) -> Double? {
        scores.first { $0.metric == value.metric && $0.version == value.version }?.value
    }
}
