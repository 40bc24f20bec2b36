public import EvalCore

extension ShotAnswerRule {
    /// The answer that a shot shows.
    /// - Parameter target: the support sample's ground truth.
    /// - Returns: one of its references, verbatim; nil if it has none that the rule could take.
    public func answer(of target: Target) -> String? {
        guard case .answers(let answers) = target else { return nil }
        return switch self {
        case .first: answers.first?.answer
        case .mostFrequent: Self.mostFrequent(answers.map(\.answer))
        }
    }

    /// The text that occurs most often, compared byte by byte; of equals the first.
    private static func mostFrequent(_ texts: [String]) -> String? {
        var counts: [[UInt8]: Int] = [:]
        for text in texts { counts[Array(text.utf8), default: 0] += 1 }
        let most = counts.values.max()
        return texts.first { counts[Array($0.utf8)] == most }
    }
}

extension ShotSelection {
    /// The shots that a selection stands for.
    /// - Parameters:
    ///   - rule: which of a sample's references is shown.
    ///   - isTextOnly: true for the pair of a 0-shot prompt.
    ///   - sample: the support sample at a position of the support set.
    /// - Returns: one shot per index, in the same order.
    /// - Precondition: support samples have references that the rule can take.
    public func shots(
        answered rule: ShotAnswerRule,
        isTextOnly: Bool = false,
        sample: (Int) -> Sample
    ) -> [Shot] {
        indices.map { index in
            let sample = sample(index)
            guard let answer = rule.answer(of: sample.target) else {
                preconditionFailure("support sample \(sample.id) has no answer to show")
            }
            return Shot(sample: sample, answer: answer, isTextOnly: isTextOnly)
        }
    }
}
