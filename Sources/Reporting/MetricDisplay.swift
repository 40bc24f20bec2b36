internal import Foundation

/// How a metric is shown to people: the only place where a value is multiplied.
///
/// Everywhere else a value stays in the metric's own unit (0…1 for accuracies).
public struct MetricDisplay: Sendable, Hashable {
    /// The name in table heads.
    public var title: String
    /// What a value is multiplied by.
    public var scale: Double
    /// Digits after the point.
    public var digits: Int

    /// Creates a display.
    public init(title: String, scale: Double, digits: Int) {
        self.title = title
        self.scale = scale
        self.digits = digits
    }

    /// The display of a metric; one that is not listed is shown in its own unit.
    /// - Parameter metric: a metric's name, as contracts.md section 4 spells it.
    public init(metric: String) {
        self = Self.known[metric] ?? MetricDisplay(title: metric, scale: 1, digits: 3)
    }

    private static let known: [String: MetricDisplay] = [
        "vqa_accuracy": .percent("OE VQA acc."),
        "vqa_accuracy_official": .percent("OE VQA acc. (official)"),
        "vqa_accuracy_openflamingo": .percent("OE VQA acc. (openflamingo)"),
    ]

    private static func percent(_ title: String) -> MetricDisplay {
        MetricDisplay(title: title, scale: 100, digits: 1)
    }

    /// The value as shown: scaled, with this display's digits.
    /// - Parameter value: a finite value in the metric's own unit.
    /// - Returns: such as `70.7`.
    public func text(_ value: Double) -> String { (value * scale).fixed(digits) }

    /// Half the width of an interval as shown, such as `±6.3`, where it lies evenly around the
    /// value; otherwise its ends, such as `[0.0, 12.5]`.
    /// - Parameters:
    ///   - interval: the interval in the metric's own unit.
    ///   - value: the value that it belongs to.
    /// - Returns: the text.
    public func text(_ interval: ClosedRange<Double>, around value: Double) -> String {
        let below = text(value - interval.lowerBound)
        let above = text(interval.upperBound - value)
        guard below == above else {
            return "[\(text(interval.lowerBound)), \(text(interval.upperBound))]"
        }
        return "±\(above)"
    }
}

extension Double {
    /// The value with a fixed number of digits after the point, halves to even of the binary value.
    package func fixed(_ digits: Int) -> String {
        var text = String(format: "%.\(digits)f", self)
        if text.hasPrefix("-"), text.utf8.allSatisfy({ "-0.".utf8.contains($0) }) {
            text.removeFirst()  // no "-0.0"
        }
        return text
    }
}
