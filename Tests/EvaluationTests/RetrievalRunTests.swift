import EvalCore
import Evaluation
import Foundation
import ShotSelection
import TestSupport
import Testing

/// Runs whose shots are chosen by what their pictures look like.
struct RetrievalRunTests {
    /// Validation picture n looks like training picture 1000 + 3 n.
    private static let data: TinyVQA = {
        var data = TinyVQA()
        data.picture = { Data("\($0 > 1000 ? $0 : 1000 + 3 * $0)".utf8) }
        return data
    }()

    private func request(
        _ bench: Bench,
        shots: Int = 4,
        _ change: (inout RunRequest) -> Void = { _ in }
    ) -> RunRequest {
        bench.request(shots: shots) {
            $0.selection = .rices
            $0.supportSize = 40
            change(&$0)
        }
    }

    /// Distance of a shot's picture from the query's, in the numbers that `data` writes.
    private func distance(_ shot: String, _ query: String) throws -> Int {
        let (shot, query) = (try #require(Int(shot)) / 10, try #require(Int(query)) / 10)
        return abs(shot - (1000 + 3 * query))
    }

    @Test func shotsAreTheNearestWithTheNearestLast() throws {
        try Bench.with(Self.data) { bench in
            let run = try bench.run(request(bench)).summary
            for row in try bench.rows(run.run) {
                let distances = try row.shotIDs.map { try distance($0, row.id) }
                #expect(distances == distances.sorted(by: >))
                // Picture 1000 + 3 n itself has the query's pixels and is left out.
                #expect(distances == [1, 1, 1, 1])
                #expect(row.excludedCount == 2)
                let similarities = try #require(row.similarities)
                #expect(similarities == similarities.sorted())
                #expect(similarities.allSatisfy { abs($0 - cos(0.001)) < 1e-6 })
            }
        }
    }

    @Test func fewerShotsAreTheEndOfMore() throws {
        try Bench.with(Self.data) { bench in
            let four = try bench.rows(try bench.run(request(bench)).summary.run)
            let eight = try bench.rows(try bench.run(request(bench, shots: 8)).summary.run)
            for (few, many) in zip(four, eight) {
                #expect(Array(many.shotIDs.suffix(4)) == few.shotIDs)
            }
        }
    }

    @Test func limitChangesNoShots() throws {
        try Bench.with(Self.data) { bench in
            let all = try bench.rows(try bench.run(request(bench)).summary.run)
            let some = try bench.run(request(bench) { $0.limit = 3 }).summary
            #expect(try bench.rows(some.run).map(\.shotIDs) == all.prefix(3).map(\.shotIDs))
        }
    }

    @Test func recipeNamesTheEncoder() throws {
        try Bench.with(Self.data) { bench in
            let recipe = try bench.run(request(bench)).summary.plan.recipe
            #expect(recipe.selection == "rices")
            #expect(recipe.selectionDigest == bench.embedder.provenance.digest)
            #expect(recipe.selectionEncoder == "line")
            bench.embedder.provenance.digest = String(repeating: "f", count: 64)
            let other = try bench.run(request(bench)).summary
            #expect(other.plan.recipe != recipe)
            #expect(try bench.recorder.runs().count == 2)
        }
    }

    @Test func doneRunIsAnsweredWithoutEmbedding() throws {
        try Bench.with(Self.data) { bench in
            try bench.run(request(bench))
            let asked = bench.embedder.askedCount
            try bench.run(request(bench))
            #expect(bench.embedder.askedCount == asked)
        }
    }

    @Test func unreadableSupportPictureStopsBeforeTheModel() throws {
        var data = Self.data
        data.picture = { Data(($0 == 1007 ? "no number" : "\($0)").utf8) }
        try Bench.with(data) { bench in
            #expect {
                try bench.run(request(bench))
            } throws: { error in
                guard case EvaluationError.supportUnreadable(2, 40, _, _, let message) = error
                else { return false }
                return message.contains("no picture")
            }
            #expect(bench.loadCount == 0)
        }
    }

    @Test func unreadableQueryPictureIsThatSamplesFailure() throws {
        var data = Self.data
        data.picture = { Data(($0 == 2 ? "no number" : "\($0)").utf8) }
        try Bench.with(data) { bench in
            let run = try bench.run(request(bench)).summary
            let failed = try bench.rows(run.run).filter { $0.failure != nil }
            #expect(failed.map(\.id) == ["20", "21"])
            #expect(failed.allSatisfy { $0.failure?.code == "image_unreadable" })
            let notes = bench.events.compactMap { event in
                if case .queriesUnreadable(let count, _) = event { count } else { nil }
            }
            #expect(notes == [2])
        }
    }

    @Test func onErrorStopEndsBeforeTheModel() throws {
        var data = Self.data
        data.picture = { Data(($0 == 2 ? "no number" : "\($0)").utf8) }
        try Bench.with(data) { bench in
            #expect(throws: EvaluationError.self) {
                try bench.run(request(bench) { $0.onError = .stop })
            }
            #expect(bench.loadCount == 0)
        }
    }

    @Test func moreShotsThanTheSupportSetHasIsFoundBeforeAnythingIsEmbedded() throws {
        try Bench.with(Self.data) { bench in
            #expect(throws: ShotSelectionError.self) {
                try bench.run(request(bench, shots: 41))
            }
            #expect(bench.embedder.askedCount == 0)
            // 40 members, two of which show the query's picture.
            #expect(throws: ShotSelectionError.self) {
                try bench.run(request(bench, shots: 39))
            }
            #expect(bench.loadCount == 0)
        }
    }

    @Test func zeroShotsOfOpenFlamingoShowTheNearestTwoAsText() throws {
        try Bench.with(Self.data) { bench in
            let change: (inout RunRequest) -> Void = { $0.promptProtocol = "openflamingo" }
            let run = try bench.run(request(bench, shots: 0, change)).summary
            for row in try bench.rows(run.run) {
                #expect(row.shotsAreTextOnly)
                #expect(try row.shotIDs.map { try distance($0, row.id) } == [1, 1])
            }
        }
    }

    @Test func zeroShotsOfM4EmbedNothing() throws {
        try Bench.with(Self.data) { bench in
            let run = try bench.run(request(bench, shots: 0)).summary
            #expect(bench.embedder.askedCount == 0)
            // The pair is the same whatever the selection, and so is the run.
            #expect(run.plan.recipe.selection == "random")
            #expect(try bench.run(bench.request(shots: 0) { $0.supportSize = 40 }).summary == run)
        }
    }

    @Test func cancellationEndsEmbedding() throws {
        try Bench.with(Self.data) { bench in
            let cancellation = Cancellation()
            cancellation.cancel(signal: 2)
            #expect(throws: CancellationError.self) {
                try bench.run(request(bench), cancellation: cancellation)
            }
            #expect(bench.loadCount == 0)
        }
    }

    @Test func previewsAgreeWithTheRun() throws {
        try Bench.with(Self.data) { bench in
            let run = try bench.run(request(bench)).summary
            let rows = try bench.rows(run.run)
            let preview = try PromptPreview(
                of: 5,
                in: request(bench),
                encoder: nil,
                retrieval: bench.retrieval()
            )
            #expect(preview.query.shots.map(\.sample.id) == rows[5].shotIDs)
            #expect(preview.query.prompt == bench.prompts[5])
            let asked = bench.embedder.askedCount
            let stored = try StoredQueries(request(bench), hasEndOfChunk: false)
            try stored.prepare([rows[5].id])
            #expect(try stored.query(of: rows[5])?.prompt == bench.prompts[5])
            #expect(bench.embedder.askedCount == asked)
        }
    }
}
