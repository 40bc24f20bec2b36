public import EvalCore
public import Statistics

/// Finished runs that differ in nothing but their seed, joined into one number.
public struct SeedGroup: Sendable, Hashable {
    /// The runs, by seed.
    public let runs: [RunSummary]
    /// The headline metric.
    public let metric: String
    /// Mean and spread, in the metric's own unit.
    public let estimate: SeedEstimate
    /// How the items' error is made: `clustered t of the mean over seeds`, or, where the seeds do
    /// not score the same items one by one, `mean of the runs' intervals`.
    public let itemMethod: String

    /// The first run, for what all have in common.
    public var first: RunSummary { runs[0] }
    /// The seeds, ascending.
    public var seeds: [UInt64] { runs.map(\.plan.recipe.seed) }
    /// True if every run is.
    public var isComparable: Bool { runs.allSatisfy(\.isComparable) }

    /// Joins runs of several seeds.
    /// - Parameters:
    ///   - runs: of any kind, oldest first; those that are not done or have no headline are left
    ///     out. Of two runs of one seed the later one counts.
    ///   - reader: has the runs' samples; those of groups are read once.
    /// - Returns: groups of two or more seeds, in the order of their first run.
    /// - Throws: store errors.
    public static func groups(
        of runs: [RunSummary],
        reader: any RunReader
    ) throws -> [SeedGroup] {
        try grouped(runs.filter(isScored), by: SeedlessRecipe.init).compactMap { _, runs in
            let bySeed = Dictionary(runs.map { ($0.plan.recipe.seed, $0) }) { $1 }
            let runs = bySeed.sorted { $0.key < $1.key }.map(\.value)
            return runs.count > 1 ? try SeedGroup(runs, reader: reader) : nil
        }
    }

    private static func isScored(_ run: RunSummary) -> Bool {
        run.status == .done && run.metrics.first?.value != nil
    }

    /// Joins runs whose recipes differ in their seed.
    private init(_ runs: [RunSummary], reader: any RunReader) throws {
        self.runs = runs
        metric = runs[0].metrics[0].metric
        let values = runs.compactMap { $0.metrics.first?.value }
        let scores = try SeedScores(runs, reader: reader)
        let range = Self.range(of: metric)
        if let scores {
            let items = MeanEstimate(of: scores.means, clusters: scores.clusters)
            itemMethod = "clustered t of the mean over seeds"
            estimate = SeedEstimate(
                of: values,
                itemError: items.standardError,
                itemDegreesOfFreedom: Double(max(1, items.clusterCount - 1))
            ).clamped(to: range)
        } else {
            itemMethod = "mean of the runs' intervals"
            estimate = SeedEstimate(
                of: values,
                itemError: Self.error(of: runs),
                itemDegreesOfFreedom: Double(max(1, runs[0].metrics[0].count - 1))
            ).clamped(to: range)
        }
    }

    /// The values that a headline can have.
    private static func range(of metric: String) -> ClosedRange<Double> {
        if metric == "cider" { return 0...10 }
        return MetricDisplay(metric: metric).scale == 100 ? 0...1 : 0...Double.infinity
    }

    /// The root of the mean of the runs' variances, as their 95 % intervals give them: the mean
    /// over seeds that share items cannot have more.
    private static func error(of runs: [RunSummary]) -> Double? {
        let widths = runs.compactMap { run in
            run.metrics.first?.interval.map { $0.upperBound - $0.lowerBound }
        }
        guard widths.count == runs.count else { return nil }
        let reach = 2 * StandardNormal.quantile(0.975)
        let variances = widths.map { ($0 / reach) * ($0 / reach) }
        return (variances.reduce(0, +) / Double(variances.count)).squareRoot()
    }
}

/// What runs of several seeds have in common.
private struct SeedlessRecipe: Hashable {
    private let recipe: RunRecipe
    private let metric: String
    private let version: Int

    init(_ run: RunSummary) {
        var recipe = run.plan.recipe
        recipe.seed = 0
        recipe.supportDigest = nil  // the seed draws the support set
        self.recipe = recipe
        metric = run.metrics.first?.metric ?? ""
        version = run.metrics.first?.version ?? 0
    }
}

/// The headline scores of items that several runs have in common, averaged over the runs.
private struct SeedScores {
    /// One per item.
    private(set) var means: [Double] = []
    /// The cluster of each item.
    private(set) var clusters: [Int] = []

    /// Reads and averages scores; nil unless every run scores the same items one by one.
    init?(_ runs: [RunSummary], reader: any RunReader) throws {
        let headline = runs[0].metrics[0]
        var ids: [String] = []
        var clusterNumbers: [String: Int] = [:]
        for (index, run) in runs.enumerated() {
            var position = 0
            var agrees = true
            try reader.eachSample(of: run.run) { record in
                let score = record.scores.first { score in
                    score.metric == headline.metric && score.version == headline.version
                }
                guard agrees, let score, record.failure == nil else { return agrees = false }
                if index == 0 {
                    ids.append(record.id)
                    means.append(0)
                    let next = clusterNumbers.count
                    clusters.append(clusterNumbers[record.cluster, default: next])
                    clusterNumbers[record.cluster] = clusters[position]
                }
                guard position < ids.count, ids[position].utf8.elementsEqual(record.id.utf8) else {
                    return agrees = false
                }
                means[position] += score.value / Double(runs.count)
                position += 1
            }
            guard agrees, position == ids.count else { return nil }
        }
    }
}
