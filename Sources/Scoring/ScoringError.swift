internal import EvalCore

/// What stops a sample or a run from being scored.
public enum ScoringError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No metric has this name.
    case unknownMetric(String, known: [String])
    /// The sample has no human answers.
    case noReferences(metric: String, sampleID: String)
    /// No answer step has this name, or its argument is missing or not wanted.
    case invalidStep(String, expected: String)

    /// One line: what, where, expected, what to do.
    public var description: String {
        switch self {
        case .unknownMetric(let name, let known):
            "unknown metric \"\(name)\"\(suggestion(for: name, among: known)); there are "
                + known.joined(separator: ", ")
        case .noReferences(let metric, let sampleID):
            "sample \(sampleID): \(metric) needs at least one reference answer, got none; "
                + "check the annotation file"
        case .invalidStep(let step, let expected):
            "answer step \(step): expected \(expected)"
        }
    }

    private func suggestion(for name: String, among known: [String]) -> String {
        nearestName(to: name, among: known).map { ", did you mean \($0)?" } ?? ""
    }
}
