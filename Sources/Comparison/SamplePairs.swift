internal import Foundation

/// The samples that two runs both have a result of, in the first run's order.
struct SamplePairs {
    typealias Pair = (first: ComparedSample, second: ComparedSample)

    let pairs: [Pair]
    /// Of each pair, from 0 without gaps in order of appearance.
    let clusters: [Int]
    /// Results of the first run that the second has none for.
    let unmatchedInFirst: Int
    /// Results of the second run that the first has none for.
    let unmatchedInSecond: Int
    /// Pairs whose outputs differ.
    let changedOutputCount: Int

    init(_ first: ComparedRun, _ second: ComparedRun) {
        let others = Dictionary(
            second.samples.map { ($0.id, $0) },
            uniquingKeysWith: { one, _ in one }
        )
        // In order of ids, so that exchanging the runs draws the same resamples.
        pairs = first.samples
            .compactMap { sample -> Pair? in
                guard sample.error == nil, let other = others[sample.id], other.error == nil else {
                    return nil
                }
                return (sample, other)
            }
            .sorted { $0.first.id < $1.first.id }
        // A sample that failed in both has nothing to compare, which is no difference.
        unmatchedInFirst = first.samples.count { $0.error == nil } - pairs.count
        unmatchedInSecond = second.samples.count { $0.error == nil } - pairs.count
        changedOutputCount = pairs.count { $0.first.outputDigest != $0.second.outputDigest }
        var numbers: [String: Int] = [:]
        clusters = pairs.map { pair in
            let number = numbers[pair.first.cluster] ?? numbers.count
            numbers[pair.first.cluster] = number
            return number
        }
    }

    var count: Int { pairs.count }

    var changedPromptCount: Int {
        pairs.count { $0.first.promptDigest != $0.second.promptDigest }
    }

    /// White space at the end makes no other answer.
    private static func differ(_ first: String?, _ second: String?) -> Bool {
        guard first != second else { return false }
        let answers = [first, second].map { $0?.trimmingCharacters(in: .whitespacesAndNewlines) }
        return answers[0] != answers[1]
    }

    /// Pairs that came out differently, largest loss first, outputs of equal score last.
    func flips(by metric: String?) -> [SampleFlip] {
        let changed = pairs.compactMap { pair -> SampleFlip? in
            let scores = metric.map { (pair.first.scores[$0] ?? 0, pair.second.scores[$0] ?? 0) }
            let difference = scores.map { $1 - $0 } ?? 0
            guard difference != 0 || Self.differ(pair.first.answer, pair.second.answer) else {
                return nil
            }
            return SampleFlip(first: pair.first, second: pair.second, difference: difference)
        }
        func rank(_ flip: SampleFlip) -> Double {
            flip.difference == 0 ? .infinity : flip.difference
        }
        return changed.sorted { (rank($0), $0.first.id) < (rank($1), $1.first.id) }
    }
}
