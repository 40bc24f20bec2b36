package import EvalCore
import Foundation

/// Beam search over rows of log-probabilities, without a model.
///
/// `LengthRule.generated` follows transformers 4.36 and later, `LengthRule.total` the releases
/// before it, which the published evaluation ran on. Sums are f32, as in the reference; ties go to
/// the lower beam, then to the lower token.
package struct BeamSearch {
    package struct Settings: Sendable {
        package var beams: Int
        package var maxNewTokens: Int
        package var lengthPenalty: Double
        package var lengthRule: LengthRule
        package var earlyStopping: Bool
        package var stopTokens: Set<Int32>
        package var promptCount: Int

        package init(
            beams: Int,
            maxNewTokens: Int,
            lengthPenalty: Double,
            lengthRule: LengthRule,
            earlyStopping: Bool,
            stopTokens: Set<Int32>,
            promptCount: Int
        ) {
            self.beams = beams
            self.maxNewTokens = maxNewTokens
            self.lengthPenalty = lengthPenalty
            self.lengthRule = lengthRule
            self.earlyStopping = earlyStopping
            self.stopTokens = stopTokens
            self.promptCount = promptCount
        }
    }

    /// A sequence that is still growing.
    package struct Beam: Sendable {
        /// New tokens.
        package var tokens: [Int32]
        /// Sum of their log-probabilities in f32, which ranks the beams.
        package var score: Float
        /// The same sum in double, to be reported.
        package var logprob: Double
        /// Which of the beams before the last step it continues.
        package var parent: Int
    }

    /// A finished sequence.
    package struct Hypothesis: Sendable {
        /// New tokens, the ending stop token included.
        package var tokens: [Int32]
        /// Sum of log-probabilities divided by the length to the power of the penalty.
        package var score: Double
        /// Sum of log-probabilities.
        package var logprob: Double
    }

    private let settings: Settings
    /// The growing sequences, best first; `advance` expects one row for each.
    package private(set) var running: [Beam]
    private var finished: [Hypothesis] = []
    private var step = 0
    package private(set) var isDone = false

    package init(_ settings: Settings) {
        self.settings = settings
        running = [Beam(tokens: [], score: 0, logprob: 0, parent: 0)]
    }

    /// The finished sequences, best first; at most as many as there are beams.
    package var hypotheses: [Hypothesis] { finished.stablySorted { $0.score > $1.score } }

    /// Takes one step.
    /// - Parameter rows: per running beam the log-probability of each token, −∞ where banned.
    package mutating func advance(_ rows: [[Float]]) {
        precondition(!isDone && rows.count == running.count, "beam search: \(rows.count) rows")
        step += 1
        let width: Int
        switch settings.lengthRule {
        case .generated: width = max(2, 1 + settings.stopTokens.count) * settings.beams
        case .total: width = 2 * settings.beams
        }
        let candidates = best(width, of: rows)
        switch settings.lengthRule {
        case .generated: advanceByGeneratedLength(candidates)
        case .total: advanceByTotalLength(candidates)
        }
    }
}

// MARK: Candidates

extension BeamSearch {
    private struct Candidate {
        let score: Float
        let beam: Int
        let token: Int32
        /// Log-probability of the token.
        let logprob: Float

        /// Best first; a total order, so that the choice does not depend on the search for it.
        func isBetter(than other: Candidate) -> Bool {
            if score != other.score { return score > other.score }
            return (beam, token) < (other.beam, other.token)
        }
    }

    private func best(_ count: Int, of rows: [[Float]]) -> [Candidate] {
        var selection: [Candidate] = []
        for (beam, row) in rows.enumerated() {
            let score = running[beam].score
            let floor = selection.count == count ? selection[count - 1].score : -.infinity
            selection += top(count, of: row, plus: score, floor, beam)
            selection.sort { $0.isBetter(than: $1) }
            selection.removeLast(max(0, selection.count - count))
        }
        return selection
    }

    /// The best `count` continuations of one beam, best first, none below `floor`.
    private func top(
        _ count: Int,
        of row: [Float],
        plus score: Float,
        _ floor: Float,
        _ beam: Int
    ) -> [Candidate] {
        var kept: [Candidate] = []
        var threshold = floor
        for index in row.indices {
            let value = row[index] + score
            guard value >= threshold else { continue }
            kept.append(
                Candidate(score: value, beam: beam, token: Int32(index), logprob: row[index])
            )
            guard kept.count >= 4 * count else { continue }
            kept.sort { $0.isBetter(than: $1) }
            kept.removeLast(kept.count - count)
            threshold = kept[count - 1].score
        }
        kept.sort { $0.isBetter(than: $1) }
        return Array(kept.prefix(count))
    }

    private func continued(_ candidate: Candidate) -> Beam {
        Beam(
            tokens: running[candidate.beam].tokens + [candidate.token],
            score: candidate.score,
            logprob: running[candidate.beam].logprob + Double(candidate.logprob),
            parent: candidate.beam
        )
    }
}

// MARK: Length rules

extension BeamSearch {
    private func hypothesis(_ beam: Beam, length: Int) -> Hypothesis {
        let score = normalised(beam.score, length: length)
        return Hypothesis(tokens: beam.tokens, score: score, logprob: beam.logprob)
    }

    private func normalised(_ score: Float, length: Int) -> Double {
        Double(score) / pow(Double(length), settings.lengthPenalty)
    }

    private mutating func advanceByGeneratedLength(_ candidates: [Candidate]) {
        let isLast = step >= settings.maxNewTokens
        var next: [Beam] = []
        for (rank, candidate) in candidates.enumerated() {
            if isLast || settings.stopTokens.contains(candidate.token) {
                // Only the best `beams` candidates may finish; the others are dropped.
                guard rank < settings.beams else { continue }
                finished.append(hypothesis(continued(candidate), length: step))
            } else if next.count < settings.beams {
                next.append(continued(candidate))
            }
        }
        finished = Array(hypotheses.prefix(settings.beams))
        guard !isLast, let best = next.first else {
            isDone = true
            return
        }
        running = next
        guard finished.count == settings.beams, let worst = finished.last else { return }
        isDone = settings.earlyStopping || normalised(best.score, length: step) <= worst.score
    }

    private mutating func advanceByTotalLength(_ candidates: [Candidate]) {
        // A stop token does not count: length is that of the sequence before it.
        let length = settings.promptCount + step
        var next: [Beam] = []
        for (rank, candidate) in candidates.enumerated() where next.count < settings.beams {
            let beam = continued(candidate)
            if settings.stopTokens.contains(candidate.token) {
                if rank < settings.beams { finish(beam, length: length - 1) }
            } else {
                next.append(beam)
            }
        }
        running = next
        if finished.count >= settings.beams, let best = candidates.first {
            let worst = finished.map(\.score).min() ?? -.infinity
            isDone = settings.earlyStopping || worst >= normalised(best.score, length: length)
        }
        guard !isDone, step >= settings.maxNewTokens || running.isEmpty else { return }
        for beam in running { finish(beam, length: length) }
        isDone = true
    }

    /// Keeps the sequence if it is among the best `beams` so far.
    private mutating func finish(_ beam: Beam, length: Int) {
        let hypothesis = hypothesis(beam, length: length)
        let worst = finished.indices.min { finished[$0].score < finished[$1].score }
        if finished.count == settings.beams, let worst {
            guard hypothesis.score > finished[worst].score else { return }
            finished.remove(at: worst)
        }
        finished.append(hypothesis)
    }
}

extension Array {
    /// Sorted so that equal elements keep their order, which the standard sort does not promise.
    fileprivate func stablySorted(by isBefore: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if isBefore(left.element, right.element) { return true }
            if isBefore(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
