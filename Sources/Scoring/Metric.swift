public import EvalCore

/// One sample as a metric sees it.
public struct ScoredItem: Sendable, Hashable {
    /// The sample's id, for messages.
    public var sampleID: String
    /// The ground truth.
    public var target: Target
    /// The answer extracted from what the model produced, or taken from a prediction file.
    public var answer: String

    /// Creates an item.
    public init(sampleID: String, target: Target, answer: String) {
        self.sampleID = sampleID
        self.target = target
        self.answer = answer
    }
}

/// What a metric cannot do without.
public enum MetricNeed: String, Sendable, Hashable {
    /// An answer text.
    case answer
    /// Human answers of the question.
    case referenceAnswers
}

/// How a metric comes about.
package enum MetricRule: Sendable {
    /// A score per sample; the metric of a run is their mean.
    case mean(@Sendable (ScoredItem, inout AnswerTable) throws(ScoringError) -> Double)
}

/// A metric: its name, version and rule.
public struct Metric: Sendable {
    /// The name in task files, stores and tables (contracts.md section 4).
    public let name: String
    /// Rises when a value may change; part of a task's digest.
    public let version: Int
    /// What each sample must have.
    public let needs: Set<MetricNeed>
    /// How it comes about.
    package let rule: MetricRule
}

extension Metric {
    /// All metrics, by family.
    public static let all: [Metric] = [
        .vqa("vqa_accuracy", VQAAccuracy.byPosition),
        .vqa("vqa_accuracy_official", VQAAccuracy.official),
        .vqa("vqa_accuracy_openflamingo", VQAAccuracy.openFlamingo),
    ]

    /// The metric of that name.
    /// - Parameter name: one of `all`.
    /// - Returns: the metric.
    /// - Throws: `ScoringError.unknownMetric`.
    public static func named(_ name: String) throws(ScoringError) -> Metric {
        guard let metric = all.first(where: { $0.name == name }) else {
            throw .unknownMetric(name, known: all.map(\.name))
        }
        return metric
    }

    private static func vqa(
        _ name: String,
        _ accuracy: @escaping @Sendable (String, [ReferenceAnswer], inout AnswerTable) -> Double
    ) -> Metric {
        Metric(
            name: name,
            version: 1,
            needs: [.answer, .referenceAnswers],
            rule: .mean { item, table throws(ScoringError) in
                guard case .answers(let references) = item.target, !references.isEmpty else {
                    throw .noReferences(metric: name, sampleID: item.sampleID)
                }
                return accuracy(item.answer, references, &table)
            }
        )
    }
}
