internal import Foundation

/// The normal distribution with mean 0 and variance 1.
public enum StandardNormal {
    /// The share of the distribution at or below `x`.
    public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// The value below which the share `p` of the distribution lies.
    ///
    /// A rational start (Abramowitz and Stegun 26.2.23), then Halley's steps on the C library's
    /// `erfc`; relative error below 1e-14.
    /// - Parameter p: between 0 and 1, both excluded.
    /// - Returns: the quantile.
    public static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "StandardNormal.quantile: p = \(p), expected 0 < p < 1")
        // 1 − p is exact for p ≥ ½, so the upper half mirrors the lower one without loss.
        return p <= 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p)
    }

    private static func lowerQuantile(_ p: Double) -> Double {
        let t = (-2 * log(p)).squareRoot()
        let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
        let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        var x = numerator / denominator - t
        for _ in 0..<3 {
            let step = (cumulative(x) - p) / density(x)
            x -= step / (1 + x * step / 2)
        }
        return x
    }

    private static func density(_ x: Double) -> Double {
        exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
}
