import EvalCore
import Foundation
import Statistics

/// A way to make an interval, tried on samples whose true value is known.
enum SimulatedMethod: String, CaseIterable, Sendable {
    case t
    case clusteredT = "clustered t"
    case wilson = "Wilson"
    case bootstrap
    case deLong = "DeLong, logit"
    case seeds = "t over seeds"
    case pairedBootstrap = "paired bootstrap"
    case pairedClusters = "paired bootstrap over clusters"
    case pairedDeLong = "paired DeLong"
    case mcNemar = "exact McNemar"
    case signFlips = "sign flips"

    /// Those that draw resamples, thousands of times as long as the others.
    var resamples: Bool {
        [.bootstrap, .pairedBootstrap, .pairedClusters, .signFlips].contains(self)
    }

    /// Samples in one cluster, where there are clusters.
    static let clusterSize = 3
    /// What the second of two results is better by.
    private static let gain = 0.05

    /// Draws a sample and says whether the interval from it holds the true value.
    /// - Parameters:
    ///   - count: samples, three to a cluster where there are clusters.
    ///   - value: the true mean, proportion or area (of the first result); of `bootstrap` its scale.
    ///   - generator: draws it.
    /// - Returns: nil if the method gives no interval for this sample.
    func covers(
        _ count: Int,
        _ value: Double,
        using generator: inout KeyedGenerator
    ) -> Bool? {
        var draw = Draw(generator: generator)
        defer { generator = draw.generator }
        switch self {
        case .t:
            let values = (0..<count).map { _ in draw.score(value) }
            return MeanEstimate(of: values).interval?.contains(value)
        case .clusteredT:
            let clusters = draw.clusters(count, value)
            let values = clusters.map { draw.success($0.chance) }
            return MeanEstimate(of: values, clusters: clusters.map(\.number))
                .interval?.contains(value)
        case .wilson:
            let successes = (0..<count).count { _ in draw.success(value) == 1 }
            return ProportionEstimate(successes: successes, of: count).interval?.contains(value)
        case .bootstrap:
            return captions(count, value, &draw)
        case .deLong:
            let (scores, classes) = draw.binormal(count, [value])
            return DeLongEstimate(of: scores[0], isPositive: classes).interval?.contains(value)
        case .seeds:
            return seeds(count, value, &draw)
        case .pairedBootstrap, .pairedClusters, .pairedDeLong, .mcNemar, .signFlips:
            return pairs(count, value, &draw)
        }
    }

    /// Scores of captions: skewed, most of them low, some high.
    private func captions(_ count: Int, _ value: Double, _ draw: inout Draw) -> Bool? {
        let values = (0..<count).map { _ in -value * log(1 - draw.uniform()) }
        let interval = Bootstrap(count: count).intervals(
            of: [
                { multiplicities in
                    var sum = 0.0
                    for (index, times) in multiplicities.enumerated() {
                        sum += Double(times) * values[index]
                    }
                    return sum / Double(values.count)
                }
            ],
            using: &draw.generator
        )[0]
        return interval?.contains(value)
    }

    /// Five seeds: items of varying difficulty, and a shift per seed.
    private func seeds(_ count: Int, _ value: Double, _ draw: inout Draw) -> Bool? {
        let chances = (0..<count).map { _ in value + 0.3 * (draw.uniform() - 0.5) }
        var means = [Double](repeating: 0, count: count)
        let values = (0..<5).map { _ in
            let shift = 0.02 * draw.normal()
            let scores = chances.map { draw.success($0 + shift) }
            for (index, score) in scores.enumerated() { means[index] += score / 5 }
            return scores.reduce(0, +) / Double(count)
        }
        return SeedEstimate(
            of: values,
            itemError: MeanEstimate(of: means).standardError,
            itemDegreesOfFreedom: Double(count - 1)
        ).interval?.contains(value)
    }

    private func pairs(_ count: Int, _ value: Double, _ draw: inout Draw) -> Bool? {
        switch self {
        case .pairedDeLong:
            let (scores, classes) = draw.binormal(count, [value, value + Self.gain])
            return PairedEstimate.areas(of: scores[0], and: scores[1], isPositive: classes)?
                .interval?.contains(Self.gain)
        case .mcNemar:
            let changes = (0..<count).map { _ in draw.success(value) - draw.success(value) }
            return McNemarTest.probability(
                gained: changes.count { $0 < 0 },
                lost: changes.count { $0 > 0 }
            ) >= 0.05
        case .signFlips:
            var sums = [Double](repeating: 0, count: count / Self.clusterSize)
            for (cluster, chance) in draw.clusters(count, value) {
                sums[cluster] += draw.success(chance) - draw.success(chance)
            }
            return SignFlipTest.probability(of: sums, drawCount: 999, using: &draw.generator)
                >= 0.05
        default:
            let clusters =
                self == .pairedClusters
                ? draw.clusters(count, value) : (0..<count).map { ($0, value) }
            let first = clusters.map { draw.success($0.chance) }
            let second = clusters.map { draw.success($0.chance + Self.gain) }
            return PairedEstimate(
                of: first,
                and: second,
                clusters: clusters.map(\.number),
                using: &draw.generator
            ).interval?.contains(Self.gain)
        }
    }
}

/// Draws scores of known distributions.
private struct Draw {
    var generator: KeyedGenerator

    mutating func uniform() -> Double { Double(generator.next() >> 11) / 9_007_199_254_740_992 }

    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    mutating func success(_ chance: Double) -> Double { uniform() < chance ? 1 : 0 }

    /// A score of 0, a half or 1 with this mean.
    mutating func score(_ mean: Double) -> Double {
        let half = 0.6 * min(mean, 1 - mean)
        let u = uniform()
        return u < half ? 0.5 : u < half / 2 + mean ? 1 : 0
    }

    /// The cluster of each sample and the chance of success in it, on average `chance`.
    mutating func clusters(_ count: Int, _ chance: Double) -> [(number: Int, chance: Double)] {
        let size = SimulatedMethod.clusterSize
        let shifted = (0..<(count + size - 1) / size).map { _ in
            chance + 0.2 * (uniform() - 0.5)
        }
        return (0..<count).map { ($0 / size, shifted[$0 / size]) }
    }

    /// Normal scores of two equally large classes, a list per area under the ROC curve; the lists
    /// are correlated.
    mutating func binormal(
        _ count: Int,
        _ areas: [Double]
    ) -> (scores: [[Double]], isPositive: [Bool]) {
        let shifts = areas.map { 2.0.squareRoot() * StandardNormal.quantile($0) }
        var scores = areas.map { _ in [Double]() }
        let classes = (0..<count).map { $0.isMultiple(of: 2) }
        for isPositive in classes {
            let shared = normal()
            for (index, shift) in shifts.enumerated() {
                let own = (shared + 0.5 * normal()) / 1.25.squareRoot()
                scores[index].append(own + (isPositive ? shift : 0))
            }
        }
        return (scores, classes)
    }
}
