internal import Foundation

/// An axis with round ticks: values to places between two ends.
struct ChartScale: Sendable {
    /// The values at the ticks, ascending.
    let ticks: [Double]
    /// Digits that tell the ticks apart.
    let digits: Int
    /// The place of the first tick and of the last.
    let ends: (first: Double, last: Double)

    /// Chooses ticks around values.
    /// - Parameters:
    ///   - values: finite; none gives 0…1.
    ///   - count: about how many steps.
    ///   - first: place of the lowest tick.
    ///   - last: place of the highest tick.
    init(of values: [Double], steps count: Int = 5, first: Double, last: Double) {
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let span = high > low ? high - low : max(1, abs(high) * 0.1)
        let raw = span / Double(count)
        let power = pow(10, floor(log10(raw)))
        let factors: [Double] = [1, 2, 5, 10]
        let step = (factors.first { $0 * power >= raw * 0.999 } ?? 10) * power
        let start = (low / step).rounded(.down)
        let end = max(start + 1, (high / step).rounded(.up))
        ticks = (0...Int(end - start)).map { (start + Double($0)) * step }
        digits = max(0, Int(-floor(log10(step) + 1e-9)))
        ends = (first, last)
    }

    /// The place of a value.
    func place(_ value: Double) -> Double {
        let (low, high) = (ticks[0], ticks[ticks.count - 1])
        return ends.first + (value - low) / (high - low) * (ends.last - ends.first)
    }
}
