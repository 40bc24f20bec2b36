import EvalCore
import Evaluation
import Foundation
import TestSupport
import Testing

struct ExclusionTests {
    @Test func pictureOfTheQueryIsNeverAShot() throws {
        // val-query and val-support are the whole of a small train split, so they share pictures.
        try Bench.with { bench in
            let run = try bench.run(
                bench.request(shots: 8) {
                    $0.split = "val-query"
                    $0.supportSize = nil
                }
            ).summary
            let rows = try bench.rows(run.run)
            #expect(rows.count == 40)
            for row in rows {
                let picture = row.id.dropLast()
                #expect(row.shotIDs.allSatisfy { $0.dropLast() != picture })
                #expect(row.excludedCount == 2)
            }
            #expect(run.plan.isSubset)
        }
    }

    @Test func equalBytesUnderAnotherNameAreExcluded() throws {
        var data = TinyVQA()
        // Training picture 1001 shows what validation picture 1 shows.
        data.picture = { Data("picture \($0 == 1001 ? 1 : $0)".utf8) }
        try Bench.with(data) { bench in
            let run = try bench.run(bench.request(shots: 8) { $0.supportSize = 40 }).summary
            let rows = try bench.rows(run.run)
            #expect(rows.map(\.excludedCount) == [2, 2] + Array(repeating: 0, count: 10))
            for row in rows.prefix(2) {
                #expect(row.shotIDs.allSatisfy { !["10010", "10011"].contains($0) })
            }
            let preview = try PromptPreview(
                of: 1,
                in: bench.request(shots: 8) { $0.supportSize = 40 },
                encoder: nil
            )
            #expect(preview.query.shots.map(\.sample.id) == rows[1].shotIDs)
        }
    }

    @Test func equalSizesAloneExcludeNothing() throws {
        var data = TinyVQA()
        data.picture = { Data(String($0 % 10 + 10_000 + $0 * 100).utf8) }
        try Bench.with(data) { bench in
            let run = try bench.run(bench.request(shots: 4)).summary
            #expect(try bench.rows(run.run).allSatisfy { $0.excludedCount == 0 })
        }
    }
}
