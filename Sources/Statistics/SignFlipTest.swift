/// A test of a mean difference by exchanging the two results of a cluster (Fisher's randomisation
/// test of paired samples, *The Design of Experiments*, 1935, section 21).
///
/// If the results are equally good, each cluster's difference could as well have had the other sign.
/// That needs no normal distribution and holds for the few differences that two good runs leave. For
/// differences of ±1 it is McNemar's test.
package enum SignFlipTest {
    /// All signs are tried of so many differences.
    private static let exactCount = 12
    /// p is not below 1 / (draws + 1), so Holm's adjustment can find one loss among 500 runs.
    package static let drawCount = 9_999

    /// The chance of a sum as far from 0 if signs are by chance.
    /// - Parameters:
    ///   - sums: of the differences of each cluster; those of 0 say nothing.
    ///   - drawCount: how often signs are drawn where there are too many to try all.
    ///   - generator: draws signs.
    /// - Returns: two-sided p; 1 if all are 0. Negating all sums changes no bit.
    package static func probability(
        of sums: [Double],
        drawCount: Int = drawCount,
        using generator: inout some RandomNumberGenerator
    ) -> Double {
        let sums = sums.filter { $0 != 0 }
        guard !sums.isEmpty else { return 1 }
        // Sums that are equal but for rounding are as far.
        let rounding = 1e-12 * sums.reduce(0) { $0 + abs($1) }
        let observed = abs(sums.reduce(0, +)) - rounding
        if sums.count <= exactCount {
            let patterns = UInt64(1) << UInt64(sums.count)
            let far = (0..<patterns).count { abs(flipped(sums, by: $0)) >= observed }
            return Double(far) / Double(patterns)
        }
        var far = 1
        for _ in 0..<drawCount where abs(flipped(sums, using: &generator)) >= observed { far += 1 }
        return Double(far) / Double(drawCount + 1)
    }

    /// The sum with the signs of the pattern's bits.
    private static func flipped(_ sums: [Double], by pattern: UInt64) -> Double {
        var total = 0.0
        for (index, sum) in sums.enumerated() {
            total += pattern >> UInt64(index) & 1 == 0 ? sum : -sum
        }
        return total
    }

    private static func flipped(
        _ sums: [Double],
        using generator: inout some RandomNumberGenerator
    ) -> Double {
        var total = 0.0
        var bits: UInt64 = 0
        for (index, sum) in sums.enumerated() {
            if index % 64 == 0 { bits = generator.next() }
            total += Double(bitPattern: sum.bitPattern ^ (bits << 63))
            bits >>= 1
        }
        return total
    }
}
