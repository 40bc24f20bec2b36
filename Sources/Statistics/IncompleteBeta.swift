internal import Foundation

/// The regularised incomplete beta function I_x(a, b): the share of a Beta(a, b) distribution
/// that lies below `x`.
///
/// Continued fraction and power term of Didonato and Morris, "Significant digit computation of the
/// incomplete beta function ratios" (1992), taken from the side where the fraction converges fast;
/// relative error below 1e-12 for a, b up to 1e8.
/// - Parameters:
///   - x: 0…1.
///   - a: > 0.
///   - b: > 0.
/// - Returns: 0…1.
public func regularizedIncompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    precondition(x >= 0 && x <= 1, "regularizedIncompleteBeta: x = \(x), expected 0…1")
    return incompleteBeta(Complements(x, 1 - x), a: a, b: b)
}

/// A number between 0 and 1 and what is missing to 1, each to full relative precision.
struct Complements {
    let value: Double
    let rest: Double

    init(_ value: Double, _ rest: Double) {
        self.value = value
        self.rest = rest
    }

    var swapped: Complements { Complements(rest, value) }

    /// ln(value), through the smaller of the two so that nothing is lost near 1.
    var log: Double { rest < 0.5 ? log1p(-rest) : Foundation.log(value) }
}

/// I_x(a, b) where both x and 1 − x are known exactly.
func incompleteBeta(_ x: Complements, a: Double, b: Double) -> Double {
    precondition(a > 0 && b > 0, "incompleteBeta: a = \(a), b = \(b), expected > 0")
    if x.value == 0 { return 0 }
    if x.rest == 0 { return 1 }
    if x.value < (a + 1) / (a + b + 2) {
        return betaPower(x, a: a, b: b) / betaFraction(x, a: a, b: b)
    }
    return 1 - betaPower(x.swapped, a: b, b: a) / betaFraction(x.swapped, a: b, b: a)
}

/// x^a (1 − x)^b / B(a, b).
private func betaPower(_ x: Complements, a: Double, b: Double) -> Double {
    let distance = a > b ? (a + b) * x.rest - b : a - (a + b) * x.value
    // Near the mean the logarithms of large powers cancel: there the distance to the mean serves.
    guard min(a, b) >= 10, abs(distance) < 0.5 * min(a, b) else {
        return exp(a * x.log + b * x.swapped.log - logBeta(a, b))
    }
    let deviance = a * excessOverLog(-distance / a) + b * excessOverLog(distance / b)
    let correction = stirlingRest(a) + stirlingRest(b) - stirlingRest(a + b)
    return (a * (b / (a + b)) / (2 * Double.pi)).squareRoot() * exp(-deviance - correction)
}

/// e − ln(1 + e).
private func excessOverLog(_ e: Double) -> Double {
    // Below this, four terms of the series leave less than rounding does.
    if abs(e) < 1e-4 { return e * e * (0.5 - e * (1.0 / 3 - e * (0.25 - e * 0.2))) }
    return e - log1p(e)
}

/// The continued fraction below the power term, evaluated by Lentz' method.
private func betaFraction(_ x: Complements, a: Double, b: Double) -> Double {
    let (value, rest) = (x.value, x.rest)
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var result = away(a * (a * rest - b * value + 1) / (a + 1))
    var c = result
    var d = 0.0
    // Needs some √max(a, b) rounds; the bound only stops inputs that can never converge.
    for round in 1...200_000 {
        let m = Double(round)
        let width = a + 2 * m - 1
        let numerator =
            ((a + m - 1) / width) * ((a + b + m - 1) / width) * m * (b - m) * value * value
        let denominator =
            m + m * (b - m) * value / width
            + (a + m) * (a * rest - b * value + 1 + m * (2 - value)) / (width + 2)
        d = 1 / away(denominator + numerator * d)
        c = away(denominator + numerator / c)
        result *= c * d
        if abs(c * d - 1) < 1e-16 { break }
    }
    return result
}

/// ln B(a, b), without the cancellation that three `lgamma`s of large arguments suffer.
func logBeta(_ a: Double, _ b: Double) -> Double {
    let p = min(a, b)
    let q = max(a, b)
    let share = p / (p + q)
    if p >= 10 {
        let correction = stirlingRest(p) + stirlingRest(q) - stirlingRest(p + q)
        return -0.5 * log(q) + 0.5 * log(2 * Double.pi) + correction
            + (p - 0.5) * log(share) + q * log1p(-share)
    }
    if q >= 10 {
        let correction = stirlingRest(q) - stirlingRest(p + q)
        return logGamma(p) + correction + p - p * log(p + q) + (q - 0.5) * log1p(-share)
    }
    return logGamma(p) + logGamma(q) - logGamma(p + q)
}

/// ln Γ(x) for 0 < x < 20: its sign is known, so the C library's global sign does not matter.
private func logGamma(_ x: Double) -> Double { log(tgamma(x)) }

/// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x ≥ 10: the tail of Stirling's series.
private func stirlingRest(_ x: Double) -> Double {
    let coefficients: [Double] = [
        1.0 / 12, -1.0 / 360, 1.0 / 1_260, -1.0 / 1_680, 1.0 / 1_188, -691.0 / 360_360, 1.0 / 156,
        -3_617.0 / 122_400,
    ]
    let inverseSquare = 1 / (x * x)
    return coefficients.reversed().reduce(0) { $0 * inverseSquare + $1 } / x
}
