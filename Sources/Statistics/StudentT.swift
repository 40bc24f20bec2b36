internal import Foundation

/// Student's t distribution.
public struct StudentT: Sendable, Hashable {
    /// Degrees of freedom, > 0.
    public let degreesOfFreedom: Double

    /// Creates a distribution.
    /// - Parameter degreesOfFreedom: > 0 and finite.
    public init(degreesOfFreedom: Double) {
        precondition(
            degreesOfFreedom > 0 && degreesOfFreedom.isFinite,
            "StudentT: \(degreesOfFreedom) degrees of freedom, expected > 0 and finite"
        )
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The share of the distribution at or below `t`.
    public func cumulative(_ t: Double) -> Double {
        t <= 0 ? upperTail(-t) : 1 - upperTail(t)
    }

    /// The value below which the share `p` of the distribution lies; relative error below 1e-10
    /// for 1 degree of freedom and more.
    /// - Parameter p: between 0 and 1, both excluded.
    /// - Returns: the quantile.
    public func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "StudentT.quantile: p = \(p), expected 0 < p < 1")
        if p == 0.5 { return 0 }
        // 1 − p is exact for p ≥ ½, so one half mirrors the other without loss.
        return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p)
    }

    /// The share of the distribution above `t` ≥ 0, to full relative precision.
    private func upperTail(_ t: Double) -> Double {
        if t.isInfinite { return 0 }
        let ratio = t * t / degreesOfFreedom
        let below = Complements(1 / (1 + ratio), ratio / (1 + ratio))
        return incompleteBeta(below, a: degreesOfFreedom / 2, b: 0.5) / 2
    }

    /// The t ≥ 0 above which the share `tail` < ½ lies: bisection on a bracket, hastened by
    /// Newton's steps wherever they stay inside it.
    private func upperQuantile(_ tail: Double) -> Double {
        var low = 0.0
        var high = max(1, -StandardNormal.quantile(tail))
        while upperTail(high) > tail && high.isFinite {
            low = high
            high *= 4
        }
        var t = max(low, min(high, -StandardNormal.quantile(tail)))
        for _ in 0..<200 {
            let excess = upperTail(t) - tail
            if excess > 0 { low = t } else { high = t }
            var next = t + excess / density(t)
            if !(next > low && next < high) { next = (low + high) / 2 }
            if abs(next - t) <= 1e-15 * abs(next) { return next }
            t = next
        }
        return t
    }

    private func density(_ t: Double) -> Double {
        let half = degreesOfFreedom / 2
        return exp(
            -(half + 0.5) * log1p(t * t / degreesOfFreedom) - logBeta(half, 0.5)
                - 0.5 * log(degreesOfFreedom)
        )
    }
}
