import Comparison
import EvalCore
import Foundation
import Statistics
import Testing

/// Runs made by hand.
enum SomeRun {
    static func recipe(_ change: (inout RunRecipe) -> Void = { _ in }) -> RunRecipe {
        var recipe = RunRecipe(
            task: "vqav2",
            taskVersion: 1,
            taskDigest: "t",
            split: "val",
            limit: nil,
            shots: 8,
            selection: "random",
            selectionDigest: nil,
            supportSize: 2048,
            supportDigest: "s",
            seed: 42,
            promptProtocol: "m4",
            variant: "base",
            endOfChunk: nil,
            generation: nil,
            overlong: "error",
            truncatedImages: "error",
            dataDigest: "d",
            engine: EngineProvenance(
                model: "m",
                weightsDigest: "w",
                tokenizerDigest: "k",
                processorDigest: "p",
                precision: "bf16",
                kernelSet: "avx2",
                hasEndOfChunk: false
            )
        )
        change(&recipe)
        return recipe
    }

    /// A run whose samples have these scores; `words` makes the output of a sample.
    static func run(
        _ scores: [Double],
        id: String = "run",
        weights: String? = nil,
        change: (inout RunRecipe) -> Void = { _ in },
        words: (Int) -> String = { "answer \($0)" },
        prompts: String = "p"
    ) -> ComparedRun {
        let attempt = AttemptDescription(
            toolVersion: "1",
            commit: nil,
            cpu: "c",
            system: "s",
            threads: 1,
            processID: 1,
            bootID: "b"
        )
        let plan = RunPlan(
            recipe: recipe(change),
            sampleCount: scores.count,
            publishedCount: nil,
            notComparableReasons: [],
            isSubset: false,
            supportCount: nil,
            isDemo: false,
            label: nil,
            attempt: attempt
        )
        let mean = scores.reduce(0, +) / Double(max(scores.count, 1))
        let summary = RunSummary(
            run: id,
            plan: plan,
            status: .done,
            finishedCount: scores.count,
            errorCount: 0,
            generatedCount: scores.count,
            attemptCount: 1,
            metrics: [
                MetricValue(metric: "vqa_accuracy", version: 1, value: mean, count: scores.count)
            ],
            submissionPath: nil,
            started: Date(timeIntervalSince1970: 0),
            finished: nil
        )
        return ComparedRun(
            summary,
            weightsSHA256: weights,
            samples: scores.enumerated().map { index, score in
                var record = SampleRecord(
                    ordinal: index,
                    id: "q\(index)",
                    cluster: "i\(index / 2)",
                    categories: ["type": index.isMultiple(of: 2) ? "even" : "odd"]
                )
                record.output = words(index)
                record.answer = words(index)
                record.promptSHA256 = "\(prompts)\(index)"
                record.scores = [Score(metric: "vqa_accuracy", version: 1, value: score)]
                return ComparedSample(record)
            }
        )
    }

    static func scores(_ count: Int, wrongEvery step: Int) -> [Double] {
        (0..<count).map { $0 % step == 0 ? 0 : 1 }
    }
}

struct ComparisonTests {
    private let good = SomeRun.scores(200, wrongEvery: 5)
    private let bad = SomeRun.scores(200, wrongEvery: 2)

    @Test func identicalRunsAreEquivalent() {
        let comparison = RunComparison(SomeRun.run(good), SomeRun.run(good))
        #expect(comparison.verdict == .equivalent && comparison.differences.isEmpty)
        #expect(comparison.headline?.difference == 0 && comparison.headline?.probability == 1)
        #expect(comparison.flips.isEmpty && !comparison.changedWithoutReason)
    }

    @Test func exchangingRunsReversesEverything() throws {
        let (a, b) = (SomeRun.run(good), SomeRun.run(bad) { $0.engine.precision = "int8" })
        let (there, back) = (RunComparison(a, b), RunComparison(b, a))
        #expect(there.verdict == .regressed && back.verdict == .improved)
        #expect(there.verdict.reversed == back.verdict)
        let (one, other) = (try #require(there.headline), try #require(back.headline))
        #expect(one.difference == -other.difference && one.probability == other.probability)
        #expect(there.differences.map(\.name) == ["precision"])
        #expect(there.flips.count == back.flips.count && there.flips[0].difference < 0)
        #expect(there.categories.map(\.value).sorted() == ["even", "odd"])
    }

    @Test func runsThatAskSomethingElseAreNotComparable() {
        let a = SomeRun.run(good)
        #expect(RunComparison(a, SomeRun.run(good) { $0.task = "okvqa" }).verdict == .notComparable)
        #expect(RunComparison(a, SomeRun.run(Array(good.dropLast()))).verdict == .notComparable)
        #expect(RunComparison(SomeRun.run([]), SomeRun.run([])).verdict == .notComparable)
    }

    @Test func outputsThatChangeWithoutAReasonAreAnAlert() {
        let other = SomeRun.run(good, words: { $0 == 3 ? "else" : "answer \($0)" })
        let comparison = RunComparison(SomeRun.run(good), other)
        #expect(comparison.changedWithoutReason && comparison.changedOutputCount == 1)
        #expect(comparison.flips.map(\.first.id) == ["q3"])
        let gate = Gate(Baseline(name: "b", runs: [SomeRun.run(good)]), [other])
        #expect(gate.rows.map(\.outcome) == [.changed] && gate.hasRegression)
    }

    @Test func promptsOfAnotherTemplateSayNothingButALoss() {
        let base = SomeRun.run(good) {
            $0.templates = TemplateTexts(prefix: "", shot: "a\n", query: "")
        }
        func other(_ scores: [Double], isNamed: Bool = true) -> ComparedRun {
            let shot = isNamed ? "a" : "a\n"
            return SomeRun.run(
                scores,
                change: {
                    $0.templates = TemplateTexts(prefix: "", shot: shot, query: "")
                    $0.engine.precision = "int8"
                },
                prompts: "other"
            )
        }
        func outcome(_ run: ComparedRun) -> Gate.Outcome {
            Gate(Baseline(name: "b", runs: [base]), [run]).rows[0].outcome
        }
        let named = RunComparison(base, other(good))
        #expect(named.verdict == .equivalent && named.changedPromptCount == 200)
        #expect(named.differences.map(\.first) == ["bf16", #""a\n""#])
        #expect(outcome(other(good)) == .notComparable && outcome(other(bad)) == .regressed)
        #expect(outcome(other(good.map { _ in 1 })) == .notComparable)
        let unnamed = RunComparison(base, other(bad, isNamed: false))
        #expect(unnamed.verdict == .notComparable && unnamed.reason.contains("200 of 200 prompts"))
    }

    @Test func weightsOfEqualBytesAreEqual() {
        let a = SomeRun.run(good, weights: "same")
        let b = SomeRun.run(good, weights: "same") { $0.engine.weightsDigest = "later" }
        let c = SomeRun.run(good) { $0.engine.weightsDigest = "later" }
        #expect(RunComparison(a, b).differences.isEmpty)
        #expect(RunComparison(a, c).differences.map(\.name) == ["weights"])
    }

    @Test func gatesFailPassAndStayUndecided() {
        let base = SomeRun.run(good)
        func gate(_ runs: [ComparedRun]) -> Gate {
            Gate(Baseline(name: "b", runs: [base]), runs)
        }
        func int8(_ scores: [Double]) -> ComparedRun {
            SomeRun.run(scores) { $0.engine.precision = "int8" }
        }
        #expect(gate([int8(bad)]).rows[0].outcome == .regressed)
        #expect(gate([int8(good)]).rows[0].outcome == .passed)
        #expect(gate([int8(good.map { _ in 1 })]).rows[0].outcome == .improved)
        #expect(gate([]).rows[0].outcome == .missing && gate([]).hasOpenQuestion)
        var some = good
        (some[3], some[0]) = (0, 1)
        #expect(gate([int8(some)]).rows[0].outcome == .inconclusive)
        // The last run that asks the same counts.
        #expect(gate([int8(bad), int8(good)]).rows[0].outcome == .passed)
    }

    @Test func thresholdsOfPracticeHold() {
        let base = SomeRun.run(good)
        let worse = SomeRun.run(bad) { $0.engine.precision = "int8" }
        let lenient = Margins(["vqa_accuracy": 0.5])
        #expect(RunComparison(base, worse, margins: lenient).verdict == .equivalent)
        let gate = Gate(Baseline(name: "b", runs: [base]), [worse], margins: lenient)
        #expect(gate.rows[0].outcome == .passed)
    }

    @Test func outputsThatDifferWithoutAScoreRuleLittleOut() throws {
        let few = RunComparison(
            SomeRun.run(Array(good.prefix(40))),
            SomeRun.run(Array(good.prefix(40))) {
                $0.engine.precision = "int8"
            } words: {
                "other \($0)"
            }
        )
        // 20 pictures: 1 − 0.025^(1/20).
        let high = try #require(few.headline?.interval?.upperBound)
        #expect(abs(high - 0.1684335) < 1e-6 && few.headline?.probability == 1)
        #expect(few.verdict == .inconclusive && few.flips.count == 40)
    }

    @Test func aSampleThatFailedInBothIsNoDifference() {
        var (a, b) = (SomeRun.run(good), SomeRun.run(good, id: "other"))
        a.samples[3].error = "image_unreadable"
        #expect(RunComparison(a, b).verdict == .notComparable)
        #expect(RunComparison(a, b).unmatchedInSecond == 1)
        b.samples[3].error = "image_unreadable"
        let comparison = RunComparison(a, b)
        #expect(comparison.verdict == .equivalent && comparison.pairCount == good.count - 1)
        #expect(comparison.unmatchedInFirst == 0 && comparison.unmatchedInSecond == 0)
    }

    @Test func corpusValuesHaveNoIntervalAndEntropyNoDirection() {
        func run(_ metric: String, _ scores: [Double]) -> ComparedRun {
            var run = SomeRun.run(scores)
            run.metrics[0].metric = metric
            for index in run.samples.indices { run.samples[index].scores = [metric: scores[index]] }
            return run
        }
        let bleu = RunComparison(run("bleu_4", good), run("bleu_4", bad))
        #expect(bleu.headline == nil && bleu.verdict == .inconclusive)
        let entropy = RunComparison(run("entropy_mean", good), run("entropy_mean", bad))
        #expect(entropy.headline != nil && entropy.verdict == .inconclusive)
        #expect(RunComparison(run("kl_mean", good), run("kl_mean", bad)).verdict == .improved)
    }

    @Test func whiteSpaceAtTheEndIsNoOtherAnswer() {
        let other = SomeRun.run(good) {
            $0.shots = 4
        } words: {
            "answer \($0)" + ($0 == 7 ? "!" : "\n")
        }
        let comparison = RunComparison(SomeRun.run(good), other)
        #expect(comparison.changedOutputCount == good.count)
        #expect(comparison.flips.map(\.first.id) == ["q7"])
    }
}
