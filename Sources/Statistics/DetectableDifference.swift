internal import Foundation

/// The smallest true difference of two means that a two-sided test finds as often as its power
/// says, planned before anything is measured.
///
/// The normal test's power equation (Cohen, "Statistical Power Analysis for the Behavioral
/// Sciences", 1988, chapter 2; for model evaluations Miller, "Adding Error Bars to Evals", 2024,
/// section 5): a difference δ with standard error SE is found with probability
/// Φ(δ/SE − z) + Φ(−δ/SE − z), z = Φ⁻¹(1 − significance/2). At 5 % and 80 % that is δ = 2.80 SE.
/// The spread of the samples is taken as known: below some 30 samples Student's t asks for more.
public struct DetectableDifference: Sendable, Hashable {
    /// Chance of finding a difference that is not there, two-sided, between 0 and 1.
    public var significance: Double
    /// Chance of finding one that is there, above `significance` and below 1.
    public var power: Double

    /// Creates a test.
    public init(significance: Double = 0.05, power: Double = 0.8) {
        precondition(
            significance > 0 && power > significance && power < 1,
            "DetectableDifference: significance \(significance), power \(power)"
        )
        self.significance = significance
        self.power = power
    }

    /// Two systems, each on `count` samples of its own: SE² = 2 σ²/n.
    ///
    /// Also what two reports tell that state nothing but their means.
    /// - Parameters:
    ///   - deviation: σ, standard deviation of one sample's score, ≥ 0.
    ///   - count: samples of each system, ≥ 1, all independent.
    /// - Returns: the difference in the unit of the scores.
    public func ofIndependent(deviation: Double, count: Int) -> Double {
        difference(variance: 2 * deviation * deviation, count: count)
    }

    /// Two systems on the same `count` samples, compared sample by sample: SE² = 2 σ²(1 − ρ)/n.
    /// - Parameters:
    ///   - deviation: σ, standard deviation of one sample's score, ≥ 0, the same for both.
    ///   - correlation: ρ of both systems' scores over the samples, −1…1.
    ///   - count: samples, ≥ 1, all independent.
    /// - Returns: the difference in the unit of the scores.
    public func ofPaired(deviation: Double, correlation: Double, count: Int) -> Double {
        precondition(
            (-1...1).contains(correlation),
            "DetectableDifference: correlation \(correlation), expected −1…1"
        )
        return difference(variance: 2 * deviation * deviation * (1 - correlation), count: count)
    }

    private func difference(variance: Double, count: Int) -> Double {
        precondition(
            variance >= 0 && variance.isFinite && count >= 1,
            "DetectableDifference: variance \(variance) over \(count) samples"
        )
        return standardErrors * (variance / Double(count)).squareRoot()
    }

    /// The detectable difference in standard errors.
    ///
    /// The second tail's share, which is all but nothing at usual powers, is found by Newton's
    /// steps from the first tail's solution.
    package var standardErrors: Double {
        let z = -StandardNormal.quantile(significance / 2)
        var x = max(z + StandardNormal.quantile(power), 0.1)
        for _ in 0..<100 {
            let found = StandardNormal.cumulative(x - z) + StandardNormal.cumulative(-x - z)
            let slope = Self.density(x - z) - Self.density(x + z)
            let step = (found - power) / slope
            // The power rises in x > 0; a step from a flat place must not leave that range.
            let next = max(x - step, x / 2)
            if abs(next - x) <= 1e-15 * next { return next }
            x = next
        }
        return x
    }

    private static func density(_ x: Double) -> Double {
        exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
}
