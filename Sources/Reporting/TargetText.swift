public import EvalCore

extension Target {
    /// The ground truth for people, one text for each reference; equal answers are counted.
    /// - Parameter candidates: names of what was scored, in the target's order; empty for
    ///   open-ended tasks.
    /// - Returns: at least one text.
    public func texts(candidates: [String] = []) -> [String] {
        switch self {
        case .answers(let answers):
            grouped(answers.map(\.answer), by: { Array($0.utf8) }).map { _, equal in
                equal.count > 1 ? "\(equal[0]) ×\(equal.count)" : equal[0]
            }
        case .captions(let captions): captions
        case .label(let label): [label]
        case .relevance(let values, let truth): Self.relevance(values, truth, candidates)
        case .pairs:
            candidates.enumerated().map { "picture \($0): \($1)" }.nonEmpty
                ?? ["each caption belongs to the picture in the same place"]
        case .unlabelled: ["not public"]
        }
    }

    /// The options that are any good, best first, and the one that the dialog has.
    private static func relevance(
        _ values: [Double],
        _ truth: Int?,
        _ candidates: [String]
    ) -> [String] {
        let shown = values.indices.filter { values[$0] > 0 || $0 == truth }
        let sorted = shown.sorted { (values[$1], $0) < (values[$0], $1) }
        let texts = sorted.map { index in
            let name = index < candidates.count ? candidates[index] : "option \(index + 1)"
            return "\(name) \(values[index].fixed(2))" + (index == truth ? " (the dialog's)" : "")
        }
        return texts.nonEmpty ?? ["no option is relevant"]
    }
}

extension Array {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
