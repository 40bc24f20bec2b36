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

    /// The display of log-probabilities: nats.
    public static let logprob = MetricDisplay(title: "log-probability", scale: 1, digits: 3)

    private static let known: [String: MetricDisplay] = [
        "vqa_accuracy": .percent("VQA acc."),
        "vqa_accuracy_official": .percent("VQA acc. (official)"),
        "vqa_accuracy_openflamingo": .percent("VQA acc. (openflamingo)"),
        "vqa_accuracy_stem_approx": .percent("VQA acc. (stems, approx.)"),
        "cider": .percent("CIDEr"),
        "bleu_1": .percent("BLEU-1"),
        "bleu_2": .percent("BLEU-2"),
        "bleu_3": .percent("BLEU-3"),
        "bleu_4": .percent("BLEU-4"),
        "rouge_l": .percent("ROUGE-L"),
        "roc_auc": .percent("ROC AUC"),
        "roc_auc_hard": .percent("ROC AUC (hard)"),
        "ndcg": .percent("NDCG"),
        "ndcg_full": .percent("NDCG (full)"),
        "mrr": .percent("MRR"),
        "recall_at_1": .percent("R@1"),
        "recall_at_5": .percent("R@5"),
        "recall_at_10": .percent("R@10"),
        "mean_rank": MetricDisplay(title: "Mean rank", scale: 1, digits: 2),
        "accuracy": .percent("Acc."),
        "accuracy_top5": .percent("Top-5 acc."),
        "accuracy_std": .percent("Acc. std"),
        "kl_mean": MetricDisplay(title: "KL", scale: 1, digits: 3),
        "entropy_mean": MetricDisplay(title: "Entropy", scale: 1, digits: 3),
        "text_score": .percent("Text"),
        "image_score": .percent("Image"),
        "group_score": .percent("Group"),
        "text_score_m4": .percent("Text (m4)"),
        "image_score_m4": .percent("Image (m4)"),
        "group_score_m4": .percent("Group (m4)"),
    ]

    private static func percent(_ title: String) -> MetricDisplay {
        MetricDisplay(title: title, scale: 100, digits: 1)
    }

    /// The value as shown: scaled, with this display's digits.
    /// - Parameter value: a finite value in the metric's own unit.
    /// - Returns: such as `70.7`.
    public func text(_ value: Double) -> String { (value * scale).fixed(digits) }

    /// The interval of a difference as shown.
    /// - Parameter differences: in the metric's own unit.
    /// - Returns: such as `[−1.0, +6.2]`.
    func text(differences: ClosedRange<Double>) -> String {
        let ends = [differences.lowerBound, differences.upperBound]
        return "[\(ends.map { text(difference: $0) }.joined(separator: ", "))]"
    }

    /// A difference as shown, with a real minus sign; rounded only here.
    /// - Parameters:
    ///   - difference: of two finite values in the metric's own unit.
    ///   - showsPlus: false writes `2.9` for `+2.9`, as the model card does.
    /// - Returns: such as `−1.2`; what rounds to zero has no sign.
    public func text(difference: Double, showsPlus: Bool = true) -> String {
        let size = text(abs(difference))
        guard size.utf8.contains(where: { !"0.".utf8.contains($0) }) else { return size }
        return (difference < 0 ? "\u{2212}" : showsPlus ? "+" : "") + size
    }

    /// Half the width of an interval as shown, such as `± 6.3`, where it lies evenly around the
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
        return "± \(above)"
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
