internal import EvalCore

/// How a sample went, as the filters of a sample page tell it.
enum SampleOutcome: String, Sendable, CaseIterable {
    case failed
    case wrong
    case partly
    case right
    case unscored

    /// The words of filters and badges.
    var title: String {
        switch self {
        case .failed: "failed"
        case .wrong: "wrong"
        case .partly: "partly right"
        case .right: "right"
        case .unscored: "no score of its own"
        }
    }

    /// Metrics whose scores of single samples have no right and wrong: captions.
    private static let graded: Set<String> = ["cider"]

    /// The outcome of a sample.
    /// - Parameters:
    ///   - sample: the sample.
    ///   - headline: name of the run's headline metric.
    init(_ sample: SampleView, headline: String?) {
        if sample.record.failure != nil {
            self = .failed
        } else if let headline, !Self.graded.contains(headline),
            let score = sample.record.score(of: headline)
        {
            self = score <= 0 ? .wrong : score >= 1 ? .right : .partly
        } else if case .success(let source) = sample.source, let isFound = source.isLabelFound {
            self = isFound ? .right : .wrong
        } else {
            self = .unscored
        }
    }
}

extension SampleRecord {
    /// The sample's score of a metric, nil if it has none.
    func score(of metric: String) -> Double? { scores.first { $0.metric == metric }?.value }
}
