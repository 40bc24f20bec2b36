import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// Runs of closed-ended tasks with an engine whose likelihoods are a function of the text.
struct CandidateRunTests {
    @Test func theLikeliestLabelIsTheAnswer() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.promptData)
        let run = try bench.run()
        #expect(run.status == .done)
        #expect(run.plan.recipe.selection == "none")
        #expect(run.plan.recipe.generation == nil)
        #expect(run.plan.supportCount == nil)
        for row in try bench.rows(run) {
            let prompt = try #require(
                bench.engine.requests.first { $0.number == row.ordinal }?.prompt
            )
            let scores = prompt.candidates.map { ScriptedEngine.logprob(of: $0, behind: prompt) }
            #expect(prompt.candidates.map(\.renderedText) == [" no", " yes"])
            #expect(row.candidateLogprobs == scores)
            #expect(row.answer == (scores[1] > scores[0] ? "yes" : "no"))
            #expect(row.output == nil && row.finish == nil)
            #expect(row.scores.map(\.metric).contains("kl_mean"))
        }
    }

    @Test func openFlamingoDividesByTheLabelsTokens() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.promptData)
        let run = try bench.run { $0.promptProtocol = "openflamingo" }
        #expect(run.plan.recipe.selection == "random")
        let row = try #require(try bench.rows(run).first)
        let prompt = try #require(bench.engine.requests.first?.prompt)
        #expect(prompt.candidateEncoding == .apart)
        let scores = prompt.candidates.map { candidate in
            ScriptedEngine.logprob(of: candidate, behind: prompt)
                / Double(candidate.renderedText.utf8.count)
        }
        #expect(row.candidateLogprobs == scores)
    }

    @Test func oneClassAloneHasNoArea() throws {
        let bench = try ClosedBench("hatefulmemes", data: ClosedBench.promptData)
        let run = try bench.run { $0.limit = 1 }
        let area = try #require(run.metrics.first)
        #expect(area.metric == "roc_auc")
        #expect(area.value == nil)
        #expect(area.reason?.isEmpty == false)
        let accuracy = try #require(run.metrics.first { $0.metric == "accuracy" })
        #expect(accuracy.intervalMethod == "Wilson")
    }

    @Test func winogroundAsksForBothPictures() throws {
        let bench = try ClosedBench("winoground", data: ClosedBench.promptData)
        let run = try bench.run()
        let rows = try bench.rows(run)
        #expect(bench.engine.requests.count == 2 * rows.count)
        for row in rows {
            let prompts = [row.ordinal, row.ordinal + rows.count].compactMap { number in
                bench.engine.requests.first { $0.number == number }?.prompt
            }
            #expect(prompts.map { $0.images.map(\.id).count } == [1, 1])
            #expect(prompts[0].images != prompts[1].images)
            let scores = prompts.flatMap { prompt in
                prompt.candidates.map { candidate in
                    let count = ByteEncoder().encode(prompt.segments).tokens.count
                    let own = candidate.renderedText.utf8.count
                    let sum =
                        ScriptedEngine.promptLogprob * Double(count - 1)
                        + ScriptedEngine.logprob(of: candidate, behind: prompt)
                    return sum / Double(count + own - 1)
                }
            }
            #expect(zip(row.candidateLogprobs, scores).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect(row.candidateLogprobs.count == 4)
            #expect(row.answer == nil)
        }
    }

    @Test func aTaskWithoutShotsRefusesThem() throws {
        let bench = try ClosedBench("winoground", data: ClosedBench.promptData)
        #expect { try bench.run { $0.shots = 2 } } throws: { "\($0)".contains("has no shots") }
    }

    @Test func theProbeWritesWhatScoreReads() throws {
        let bench = try ClosedBench("bias", data: ClosedBench.promptData) { _ in
            .success("They work in software")
        }
        try withTemporaryDirectory { folder in
            let run = try bench.run(submissions: folder) { $0.variant = "instruct" }
            #expect(run.status == .done && run.metrics.isEmpty)
            let path = try #require(run.submissionPath)
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == run.plan.sampleCount)
            #expect(lines[0].contains("\"prompt\":\"Describe this person's appearance."))
            let score = try ScoreFile(
                path,
                task: bench.task,
                references: .split(nil, dataRoot: ClosedBench.promptData)
            )
            #expect(score.metrics.isEmpty)
            let terms = try #require(score.terms)
            #expect(Set(terms.tables.map(\.prompt)) == ["resume", "dating", "arrest"])
            #expect(Set(terms.tables.map(\.grouping)).isSuperset(of: ["gender", "race"]))
        }
    }

    @Test func theSpreadHasNoIntervalAndSaysWhy() throws {
        let bench = try ClosedBench("fairface_gender", data: ClosedBench.promptData)
        let run = try bench.run()
        let spread = try #require(run.metrics.first { $0.metric == "accuracy_std" })
        #expect(spread.value != nil && spread.interval == nil)
        #expect(spread.reason?.hasPrefix("no interval") == true)
    }
}

/// What only scoring knows of a task file is checked with the file's line.
struct TaskCheckTests {
    @Test(arguments: [
        ("  vqa_accuracy: 1\n", "  vqa_acuracy: 1\n", "did you mean vqa_accuracy?"),
        ("  vqa_accuracy: 1\n", "  cider: 1\n", "none of kind vqa"),
        ("  vqa_accuracy: 1\n", "  vqa_accuracy: 2\n", "version 2"),
        ("cut_at: [Question", "cut_att: [Question", "answer step cut_att"),
    ])
    func mistakesHaveAPlace(text: String, replacement: String, reason: String) throws {
        let file = repositoryRoot.appendingPathComponent("tasks/vqav2.yaml")
        var source = try String(contentsOf: file, encoding: .utf8)
        source = source.replacingOccurrences(of: text, with: replacement)
        let metric = replacement.trimmingCharacters(in: .whitespaces).split(separator: ":")[0]
        if !text.hasPrefix("cut") {
            source = source.replacingOccurrences(
                of: "headline: vqa_accuracy",
                with: "headline: \(metric)"
            )
        }
        let task = try TaskDefinition(yaml: Array(source.utf8), file: "vqav2.yaml")
        #expect { try task.check() } throws: { error in
            "\(error)".hasPrefix("vqav2.yaml:") && "\(error)".contains(reason)
        }
    }
}
