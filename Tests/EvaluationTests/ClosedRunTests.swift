import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// What a closed-ended run stores, worked out again from what its engine was asked.
struct ClosedRunTests {
    @Test func sideMetricsAreThoseOfTheStoredLikelihoods() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.demoData)
        let run = try bench.run { $0.limit = 40 }
        let rows = try bench.rows(run)
        #expect(rows.count == 40)
        for row in rows {
            let weights = row.candidateLogprobs.map(exp)
            let shares = weights.map { $0 / weights.reduce(0, +) }
            let scores = Dictionary(uniqueKeysWithValues: row.scores.map { ($0.metric, $0.value) })
            let entropy = shares.reduce(0) { $0 - $1 * log($1) }
            #expect(abs(try #require(scores["entropy_mean"]) - entropy) < 1e-9)
            let isRight = scores["accuracy"] == 1
            let best = try #require(shares.max())
            let divergence = try #require(scores["kl_mean"])
            #expect(abs(divergence + log(isRight ? best : 1 - best)) < 1e-9)
        }
        let names = ["roc_auc", "roc_auc_hard", "accuracy", "kl_mean", "entropy_mean"]
        #expect(run.metrics.map(\.metric) == names)
        #expect(
            run.metrics.map(\.intervalMethod)
                == ["DeLong, logit", "DeLong, logit", "Wilson", "bootstrap", "bootstrap"]
        )
        for metric in run.metrics {
            #expect(try #require(metric.interval).contains(#require(metric.value)), "\(metric)")
        }
    }

    @Test func theAreaIsTheShareOfPairsInTheRightOrder() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.demoData)
        let run = try bench.run { $0.limit = 40 }
        var positives: [Double] = []
        var negatives: [Double] = []
        for row in try bench.rows(run) {
            let odds = row.candidateLogprobs[1] - row.candidateLogprobs[0]
            let isRight = row.scores.contains { $0.metric == "accuracy" && $0.value == 1 }
            if (row.answer == "yes") == isRight {
                positives.append(odds)
            } else {
                negatives.append(odds)
            }
        }
        try #require(positives.count > 5 && negatives.count > 5)
        let wins = positives.flatMap { positive in
            negatives.map { positive > $0 ? 1 : positive == $0 ? 0.5 : 0 }
        }
        let area = wins.reduce(0, +) / Double(wins.count)
        #expect(abs(try #require(run.metrics[0].value) - area) < 1e-12)
    }

    @Test(arguments: ["hatefulmemes", "winoground"], [1, 5, 8, 13])
    func aResumedRunEqualsAStraightOne(task: String, point: Int) throws {
        let cut = try ClosedBench(task, data: ClosedBench.demoData)
        cut.engine.cancelsAt = point
        let interrupted = try cut.run { $0.limit = 9 }
        let responses = task == "winoground" ? 18 : 9
        #expect(interrupted.status == (point < responses ? .interrupted : .done))
        cut.engine.cancelsAt = nil
        let resumed = try cut.run { $0.limit = 9 }
        #expect(resumed.run == interrupted.run && resumed.status == .done)

        let straight = try ClosedBench(task, data: ClosedBench.demoData)
        let whole = try straight.run { $0.limit = 9 }
        #expect(try cut.rows(resumed) == straight.rows(whole))
        #expect(resumed.metrics == whole.metrics)
        #expect(straight.engine.requests.count == responses)
    }

    @Test(arguments: [1, 2, 3, 64])
    func theOrderOfDeliveryChangesNothing(window: Int) throws {
        let bench = try ClosedBench("winoground", data: ClosedBench.demoData)
        bench.engine.window = window
        let run = try bench.run { $0.limit = 9 }
        let other = try ClosedBench("winoground", data: ClosedBench.demoData)
        #expect(try bench.rows(run) == other.rows(other.run { $0.limit = 9 }))
    }

    @Test func captionsAndPicturesArePairedAsTheFileSays() throws {
        let bench = try ClosedBench("winoground", data: ClosedBench.demoData)
        let run = try bench.run { $0.limit = 9 }
        for row in try bench.rows(run) {
            try #require(row.candidateLogprobs.count == 4)
            // Caption 0 and 1 with the first picture, then both with the second.
            let (c0i0, c1i0) = (row.candidateLogprobs[0], row.candidateLogprobs[1])
            let (c0i1, c1i1) = (row.candidateLogprobs[2], row.candidateLogprobs[3])
            let text = c0i0 > c1i0 && c1i1 > c0i1
            let image = c0i0 > c0i1 && c1i1 > c1i0
            let scores = Dictionary(uniqueKeysWithValues: row.scores.map { ($0.metric, $0.value) })
            #expect(scores["text_score"] == (text ? 1 : 0))
            #expect(scores["image_score"] == (image ? 1 : 0))
            #expect(scores["group_score"] == (text && image ? 1 : 0))
        }
        #expect(run.metrics.allSatisfy { $0.intervalMethod == "Wilson" })
    }

    @Test(arguments: [[0], [4], [0, 4]])
    func aSampleFailsOnceWhicheverOfItsPromptsBreaks(parts: [Int]) throws {
        let bench = try ClosedBench("winoground", data: ClosedBench.demoData) { request in
            parts.contains(request.number)
                ? .failure(SampleFailure(code: "broken", message: "\(request.number)"))
                : .success("")
        }
        let run = try bench.run { $0.limit = 4 }
        #expect(run.finishedCount == 4 && run.errorCount == 1)
        let rows = try bench.rows(run)
        let first = SampleFailure(code: "broken", message: "\(parts[0])")
        #expect(rows.map(\.failure) == [first, nil, nil, nil])
        #expect(rows[0].candidateLogprobs.isEmpty && rows[0].scores.isEmpty)
        #expect(run.metrics.allSatisfy { $0.count == 3 })
    }

    @Test func selectionIsRecordedWhereShotsAreDrawn() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.demoData)
        let none = try bench.run { $0.limit = 4 }.plan
        #expect(none.recipe.selection == "none" && none.supportCount == nil)
        #expect(none.recipe.supportDigest == nil)
        let drawn = try bench.run {
            $0.limit = 4
            $0.shots = 2
        }.plan
        #expect(drawn.recipe.selection == "random")
        #expect(try #require(drawn.supportCount) > 2)
        #expect(drawn.recipe.supportDigest != nil)
    }
}
