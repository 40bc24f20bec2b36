import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// What a plan says of a run is what the run does.
struct PlanSurveyTests {
    private func survey(
        _ bench: Bench,
        _ request: RunRequest,
        promptLimit: Int = 100_000,
        isExhaustive: Bool = true
    ) throws -> PlanSurvey {
        try PlanSurvey(
            request,
            reader: DatasetReader(task: request.task, root: request.dataRoot),
            hasEndOfChunk: false,
            promptLimit: promptLimit,
            isExhaustive: isExhaustive
        ) { prompt in
            let encoder = ByteEncoder()
            return (
                encoder.encode(prompt.segments).tokens.count,
                prompt.candidates.map { encoder.encode($0).tokens.count }
            )
        }
    }

    @Test(arguments: [0, 4])
    func promptsAreAsLongAsThoseOfTheRun(shots: Int) throws {
        try Bench.with { bench in
            let request = bench.request(shots: shots)
            let survey = try survey(bench, request)
            let run = try bench.run(request).summary.run
            var lengths: [Int] = []
            try bench.recorder.eachSample(of: run) { lengths.append($0.promptTokenCount ?? -1) }
            #expect(survey.requests.map(\.promptTokens) == lengths)
            #expect(survey.lengths == lengths.sorted())
            #expect(survey.queryCount == lengths.count && survey.promptCount == lengths.count)
            #expect(survey.overlongCount == 0 && survey.missing == nil)
            #expect(survey.requests.allSatisfy { $0.pictures == shots + 1 })
        }
    }

    @Test func picturesAreCountedOnce() throws {
        try Bench.with { bench in
            let survey = try survey(bench, bench.request(shots: 4))
            #expect(Set(survey.pictures).count == survey.pictures.count)
            let shown = survey.requests.reduce(0) { $0 + $1.pictures }
            #expect(survey.pictures.count < shown)
            #expect(survey.pictures.count <= 20 + survey.queryCount)
        }
    }

    @Test func whatDoesNotFitIsCounted() throws {
        try Bench.with { bench in
            let request = bench.request()
            let lengths = try survey(bench, request).lengths
            let newTokens = try #require(try survey(bench, request).generation?.maxNewTokens)
            let limit = lengths[lengths.count / 2] + newTokens
            let expected = lengths.count { $0 + newTokens > limit }
            #expect(expected > 0)
            #expect(try survey(bench, request, promptLimit: limit).overlongCount == expected)
        }
    }

    @Test func missingPicturesAreReportedAndNotThrown() throws {
        try Bench.with { bench in
            let request = bench.request(shots: 2)
            let victim = try #require(try survey(bench, request).pictures.first)
            try FileManager.default.removeItem(atPath: victim)
            let survey = try survey(bench, request)
            guard case .missingImages(let count, _, let first, _, _) = survey.missing else {
                Issue.record("\(String(describing: survey.missing))")
                return
            }
            #expect(count == 1 && first == victim)
            #expect(throws: try #require(survey.missing)) { try bench.run(request) }
        }
    }

    @Test func picturesThatWouldBeComparedAreNotRead() throws {
        try Bench.with { bench in
            let survey = try survey(bench, bench.request { $0.selection = .rices })
            #expect(survey.choosesByPictures)
            #expect(survey.requests.count == survey.queryCount)
        }
    }

    @Test func resolutionIsThatOfTheWidestSpread() throws {
        try Bench.with { bench in
            let survey = try survey(bench, bench.request { $0.limit = 2 })
            let resolution = try #require(survey.resolution)
            #expect(resolution.metric == "vqa_accuracy")
            // 2.80158 √(2 · ¼ / 2), and √½ of it.
            #expect(abs(resolution.independent - 1.4007909) < 1e-7)
            #expect(abs(resolution.paired - resolution.independent / 2.0.squareRoot()) < 1e-12)
        }
    }
}
