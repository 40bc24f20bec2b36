import Foundation
import TestSupport

/// Values of SciPy and mpmath (tools/reference/statistics_reference.py).
struct StatisticsFixture: Decodable {
    struct Mean: Decodable {
        var values: [Double]
        var clusters: [Int]?
        /// Mean, standard error, lower and upper end.
        var expected: [Double]
    }

    /// Probability, degrees of freedom, quantile.
    var t: [[Double]]
    /// Value, degrees of freedom, share below.
    var t_below: [[Double]]
    /// Probability, quantile.
    var normal: [[Double]]
    /// x, a, b, share.
    var beta: [[Double]]
    var means: [Mean]

    static let loaded = Result {
        let file = fixturesDirectory().appendingPathComponent("statistics.json")
        return try JSONDecoder().decode(StatisticsFixture.self, from: Data(contentsOf: file))
    }
}

/// True if the values agree relative to the expected one, or both are next to 0.
func isClose(_ actual: Double, _ expected: Double, relative: Double) -> Bool {
    abs(actual - expected) <= relative * abs(expected) + 1e-300
}
