/// Percentile intervals from drawing the items of a sample again, with replacement.
///
/// All statistics see the same draws, so their intervals belong together; the draws depend on the
/// generator alone.
public struct Bootstrap: Sendable {
    /// Number of items.
    public let count: Int
    /// How often the items are drawn again.
    public let resampleCount: Int
    /// Coverage of the intervals, between 0 and 1.
    public let level: Double

    /// A statistic of a resample: how often each item was drawn → the statistic's value.
    public typealias Statistic = (_ multiplicities: [Int32]) -> Double

    /// Plans a bootstrap.
    /// - Parameters:
    ///   - count: number of items, at least 2.
    ///   - resampleCount: number of resamples, at least 100.
    ///   - level: coverage of the intervals.
    public init(count: Int, resampleCount: Int = 1000, level: Double = 0.95) {
        precondition(count >= 2 && count <= Int32.max, "Bootstrap: \(count) items")
        precondition(resampleCount >= 100, "Bootstrap: \(resampleCount) resamples")
        precondition(level > 0 && level < 1, "Bootstrap: level = \(level), expected 0…1")
        self.count = count
        self.resampleCount = resampleCount
        self.level = level
    }

    /// Draws the resamples and gives each statistic its interval.
    /// - Parameters:
    ///   - statistics: finite on every resample.
    ///   - generator: where the draws come from.
    /// - Returns: for each statistic the interval between the quantiles (1 − level)/2 and
    ///   (1 + level)/2 of its values; nil where a value is not finite.
    public func intervals(
        of statistics: [Statistic],
        using generator: inout some RandomNumberGenerator
    ) -> [ClosedRange<Double>?] {
        var values = statistics.map { _ in [Double]() }
        for index in values.indices { values[index].reserveCapacity(resampleCount) }
        var multiplicities = [Int32](repeating: 0, count: count)
        for _ in 0..<resampleCount {
            draw(&multiplicities, using: &generator)
            for (index, statistic) in statistics.enumerated() {
                values[index].append(statistic(multiplicities))
            }
        }
        return values.map(interval)
    }

    /// Draws `count` items with replacement, two from each random number.
    ///
    /// The multiplication favours some items by at most count/2³², far below what a resample shows.
    private func draw(
        _ multiplicities: inout [Int32],
        using generator: inout some RandomNumberGenerator
    ) {
        for index in multiplicities.indices { multiplicities[index] = 0 }
        let bound = UInt64(count)
        var left = count
        while left > 0 {
            let bits: UInt64 = generator.next()
            multiplicities[Int(((bits >> 32) &* bound) >> 32)] &+= 1
            if left > 1 { multiplicities[Int(((bits & 0xFFFF_FFFF) &* bound) >> 32)] &+= 1 }
            left -= 2
        }
    }

    private func interval(_ values: [Double]) -> ClosedRange<Double>? {
        guard values.allSatisfy(\.isFinite) else { return nil }
        let sorted = values.sorted()
        let tail = (1 - level) / 2
        return Self.quantile(tail, of: sorted)...Self.quantile(1 - tail, of: sorted)
    }

    /// The quantile between order statistics (Hyndman and Fan's type 7, numpy's default).
    static func quantile(_ probability: Double, of sorted: [Double]) -> Double {
        let place = probability * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}
