public import EvalCore

/// Which samples of a run the site shows, where it has more than may be shown.
///
/// Half of the places go to samples that failed and to those with the lowest scores, since these
/// are what people look for; the rest to samples at equal distances among the others, so that a
/// page is no list of mistakes only.
public struct SampleChoice: Sendable {
    /// What is known of a sample before one is chosen.
    public struct Candidate: Sendable, Hashable {
        /// Position among the run's queries.
        public var ordinal: Int
        /// Its score of the headline metric, nil without one.
        public var score: Double?
        /// True if it has no result.
        public var hasFailed: Bool

        /// Takes what is needed from a record.
        /// - Parameters:
        ///   - record: the sample.
        ///   - headline: name of the headline metric.
        public init(_ record: SampleRecord, headline: String?) {
            ordinal = record.ordinal
            score = headline.flatMap(record.score)
            hasFailed = record.failure != nil
        }
    }

    /// The samples shown.
    public let ordinals: Set<Int>
    /// Which ones these are, in a sentence.
    public let sentence: String

    /// Chooses.
    /// - Parameters:
    ///   - candidates: all samples of the run, in query order.
    ///   - limit: how many are shown at most.
    ///   - headline: name of the headline metric.
    public init(_ candidates: [Candidate], limit: Int, headline: String?) {
        guard candidates.count > limit else {
            ordinals = Set(candidates.map(\.ordinal))
            sentence =
                candidates.count == 1
                ? "The run's only sample." : "All \(candidates.count) samples, in query order."
            return
        }
        guard limit > 0 else {
            ordinals = []
            sentence = "None of the run's \(candidates.count) samples are shown."
            return
        }
        let ranked = candidates.filter { $0.hasFailed || $0.score != nil }.sorted(by: Self.precedes)
        let worst = ranked.prefix(limit / 2)
        let taken = Set(worst.map(\.ordinal))
        let others = candidates.filter { !taken.contains($0.ordinal) }
        let places = limit - taken.count
        let spread = (0..<places).map { others[$0 * others.count / places].ordinal }
        ordinals = taken.union(spread)
        let failed = worst.count { $0.hasFailed }
        let title = headline.map { MetricDisplay(metric: $0).title } ?? "score"
        let parts = [
            failed > 0 ? "\(failed) that failed" : nil,
            worst.count > failed ? "the \(worst.count - failed) with the lowest \(title)" : nil,
            "\(places) at equal distances among the others",
        ]
        sentence =
            "\(ordinals.count) of \(candidates.count) samples, in query order: "
            + parts.compactMap(\.self).joined(separator: ", ") + "."
    }

    /// Failures first, then the lowest score, equals in query order.
    private static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
        let left = a.hasFailed ? -Double.infinity : a.score ?? .infinity
        let right = b.hasFailed ? -Double.infinity : b.score ?? .infinity
        return (left, a.ordinal) < (right, b.ordinal)
    }
}
