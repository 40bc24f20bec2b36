import EvalCore
import Evaluation
import Foundation
import TestSupport
import Testing

struct PipelineTests {
    @Test func runHasOneRowPerQueryAndItsMean() throws {
        try Bench.with { bench in
            bench.engine = ScriptedEngine { _ in .success(" yes") }
            let run = try bench.run(bench.request()).summary
            let rows = try bench.rows(run.run)
            #expect(run.status == .done)
            #expect(rows.map(\.id) == TinyVQA().queryIDs)
            #expect(rows.map(\.ordinal) == Array(0..<12))
            #expect(rows.allSatisfy { $0.shotIDs.count == 4 && $0.failure == nil })
            // Seven of ten annotators agree: an answer of theirs scores 1, any other 0.
            let right = rows.count { TinyVQA.answer(to: Int($0.id) ?? 0) == "yes" }
            let headline = try #require(run.metrics.first)
            #expect(headline.metric == "vqa_accuracy")
            #expect(headline.value == Double(right) / 12)
            #expect(headline.count == 12)
            #expect(headline.breakdown["answer_type"]?["yes/no"]?.count ?? 0 > 0)
            let interval = try #require(headline.interval)
            #expect(interval.lowerBound >= 0 && interval.upperBound <= 1)
        }
    }

    @Test func samplesKeepWhatTheEngineSaid() throws {
        try Bench.with { bench in
            let run = try bench.run(bench.request(shots: 2)).summary.run
            let row = try #require(try bench.rows(run).first)
            let prompt = try #require(bench.prompts[0])
            #expect(row.promptTokenCount == bench.encoder.encode(prompt.segments).tokens.count)
            #expect(row.output == row.answer)
            #expect(row.finish == .eos)
            #expect(row.logprob == -Double(row.output?.utf8.count ?? 0))
            #expect(row.cluster == "coco/1")
        }
    }

    @Test func zeroShotsShowThePairAsTextAndTheSameForAll() throws {
        try Bench.with { bench in
            let run = try bench.run(bench.request(shots: 0)).summary.run
            let rows = try bench.rows(run)
            #expect(Set(rows.map(\.shotIDs)).count == 1)
            #expect(rows.allSatisfy { $0.shotsAreTextOnly && $0.shotIDs.count == 2 })
            #expect(bench.prompts.values.allSatisfy { $0.images.count == 1 })
        }
    }

    @Test func selectionNoneShowsNothingBeforeTheQuery() throws {
        try Bench.with { bench in
            let run = try bench.run(bench.request(shots: 0) { $0.selection = .none }).summary
            #expect(try bench.rows(run.run).allSatisfy { $0.shotIDs.isEmpty })
            #expect(run.plan.supportCount == nil)
            #expect(run.plan.recipe.supportDigest == nil)
        }
    }

    @Test(arguments: [1, 3, 100])
    func promptsDoNotDependOnBatchOrLimit(window: Int) throws {
        try Bench.with { bench in
            try bench.run(bench.request())
            let all = bench.prompts
            bench.engine = ScriptedEngine()
            bench.engine.window = window
            try bench.run(bench.request { $0.limit = 5 })
            #expect(bench.prompts.count == 5)
            for (number, prompt) in bench.prompts { #expect(all[number] == prompt) }
        }
    }

    @Test func fewerShotsAreTheBeginningOfMore() throws {
        try Bench.with { bench in
            let four = try bench.rows(try bench.run(bench.request(shots: 4)).summary.run)
            let eight = try bench.rows(try bench.run(bench.request(shots: 8)).summary.run)
            for (few, many) in zip(four, eight) {
                #expect(few.shotIDs == Array(many.shotIDs.prefix(4)))
            }
        }
    }

    @Test func sameCommandAgainNeedsNoEngine() throws {
        try Bench.with { bench in
            let first = try bench.run(bench.request()).summary
            #expect(bench.loadCount == 1)
            try FileManager.default.removeItem(atPath: bench.root + "/coco")
            let second = try bench.run(bench.request()).summary
            #expect(bench.loadCount == 1)
            #expect(second == first)
        }
    }

    typealias Change = @Sendable (inout RunRequest) -> Void

    static let movingNumbers: [Change] = [
        { $0.seed = 43 }, { $0.limit = 11 }, { $0.shots = 3 },
        { $0.promptProtocol = "openflamingo" }, { $0.variant = "instruct" },
        { $0.supportSize = 19 }, { $0.overlong = .dropShots }, { $0.truncatedImages = .load },
        {
            $0.selection = .none; $0.shots = 0
        },
    ]

    static let movingNothing: [Change] = [
        { $0.label = "x" }, { $0.limit = 12 }, { $0.onError = .stop }, { $0.isDemo = true },
    ]

    @Test(arguments: movingNumbers.indices)
    func whatMovesNumbersMakesAnotherRun(index: Int) throws {
        try Bench.with { bench in
            let first = try bench.run(bench.request()).summary
            let second = try bench.run(bench.request(shots: 4, Self.movingNumbers[index])).summary
            #expect(first.run != second.run)
        }
    }

    @Test(arguments: movingNothing.indices)
    func whatMovesNoNumberDoesNot(index: Int) throws {
        try Bench.with { bench in
            let first = try bench.run(bench.request()).summary
            let second = try bench.run(bench.request(shots: 4, Self.movingNothing[index])).summary
            #expect(first.run == second.run)
        }
    }

    @Test func subsetIsCountedAndSaid() throws {
        try Bench.with { bench in
            let plan = try bench.run(bench.request { $0.limit = 5 }).summary.plan
            #expect(plan.isSubset)
            #expect(plan.sampleCount == 5)
            #expect(plan.publishedCount == 214_354)
            #expect(
                plan.notComparableReasons == [
                    "5 of 214354 published samples of val2014",
                    "support set drawn from an incomplete split",
                ]
            )
        }
    }

    @Test func smallSupportSetIsSaid() throws {
        try Bench.with { bench in
            let plan = try bench.run(bench.request { $0.supportSize = nil }).summary.plan
            #expect(plan.supportCount == 40)
            #expect(plan.recipe.supportSize == 2048)
            #expect(plan.notComparableReasons.contains("support set of 40 instead of 2048"))
        }
    }

    @Test func fullSplitRefusesASubset() throws {
        try Bench.with { bench in
            #expect(
                throws: EvaluationError.notFullSplit(
                    split: "val2014",
                    count: 12,
                    published: 214_354
                )
            ) { try bench.run(bench.request { $0.requiresFullSplit = true }) }
            let runs = try bench.recorder.runs()
            #expect(runs.isEmpty)
        }
    }

    @Test func promptDigestIsTextThenPixelDigests() throws {
        // printf 'a<image>' followed by 64 times '1' | sha256sum
        let pixels = String(repeating: "1", count: 64)
        #expect(
            PromptDigest.hex(text: "a<image>", pixelDigests: [pixels])
                == "0993399db10bdb5392d39ac568313955da33a8b74cf57785522e85d9ec86ce10"
        )
    }

    @Test func fixedListDecidesShotsAndOrder() throws {
        try Bench.with { bench in
            let list = bench.root + "/shots.txt"
            try Data("10050\n10011\n\n10120\n".utf8).write(to: URL(fileURLWithPath: list))
            let run = try bench.run(
                bench.request(shots: 2) { $0.selection = .fixed(file: list) }
            ).summary
            let rows = try bench.rows(run.run)
            #expect(rows.allSatisfy { $0.shotIDs == ["10050", "10011"] })
            #expect(run.plan.recipe.selection == "fixed")
            #expect(run.plan.recipe.selectionDigest != nil)
        }
    }

    @Test func previewIsThePromptOfTheRun() throws {
        try Bench.with { bench in
            let request = bench.request(shots: 3)
            try bench.run(request)
            let preview = try PromptPreview(of: 7, in: request, encoder: bench.encoder)
            #expect(preview.query.prompt == bench.prompts[7])
            #expect(preview.tokens == bench.encoder.encode(preview.query.prompt.segments).tokens)
            #expect(throws: EvaluationError.self) {
                try PromptPreview(of: 12, in: request, encoder: nil)
            }
        }
    }

    @Test func splitWithoutLabelsGivesASubmissionFile() throws {
        try Bench.with { bench in
            let official = "/vqav2/v2_OpenEnded_mscoco_test2015_questions.json"
            try FileManager.default.copyItem(
                atPath: bench.root + "/vqav2/v2_OpenEnded_mscoco_val2014_questions.json",
                toPath: bench.root + official
            )
            for number in 1...6 {
                let path = TinyVQA.picturePath(number)
                let copy = path.replacingOccurrences(of: "val2014", with: "test2015")
                let file = URL(fileURLWithPath: bench.root + "/" + copy)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data("x\(number)".utf8).write(to: file)
            }
            let run = try bench.run(bench.request { $0.split = "test2015" }).summary
            #expect(run.metrics.isEmpty)
            let path = try #require(run.submissionPath)
            let text = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: path)),
                as: UTF8.self
            )
            #expect(text.contains(#"{"question_id":10,"answer":""#))
            #expect(text.split(separator: "\n").count == 14)
        }
    }
}
