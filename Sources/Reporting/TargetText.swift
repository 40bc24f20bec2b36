public import EvalCore

extension Target {
    /// The ground truth for people, one text for each reference; equal answers are counted.
    public var texts: [String] {
        switch self {
        case .answers(let answers):
            grouped(answers.map(\.answer), by: { Array($0.utf8) }).map { _, equal in
                equal.count > 1 ? "\(equal[0]) ×\(equal.count)" : equal[0]
            }
        case .captions(let captions): captions
        case .label(let label): [label]
        case .relevance(let values, let truth):
            [
                "relevance " + values.map { $0.fixed(2) }.joined(separator: ", ")
                    + (truth.map { "; the true one is number \($0 + 1)" } ?? "")
            ]
        case .pairs: ["each caption belongs to the picture in the same place"]
        case .unlabelled: ["not public"]
        }
    }
}
