import EvalCore
import Evaluation
import Foundation
import TestSupport
import Testing

/// Queries of a stored run, made again.
struct StoredQueriesTests {
    @Test(arguments: [0, 4])
    func promptsAreThoseThatTheEngineSaw(shots: Int) throws {
        try Bench.with { bench in
            let request = bench.request(shots: shots)
            let rows = try bench.rows(try bench.run(request).summary.run)
            let queries = try StoredQueries(request, hasEndOfChunk: false)
            try queries.prepare(rows.map(\.id))
            for row in rows {
                let query = try #require(try queries.query(of: row))
                #expect(query.prompt == bench.prompts[row.ordinal])
                #expect(query.shots.map(\.sample.id) == row.shotIDs)
            }
        }
    }

    @Test func aLimitOfTheRunDoesNotMatter() throws {
        try Bench.with { bench in
            let request = bench.request { $0.limit = 3 }
            let rows = try bench.rows(try bench.run(request).summary.run)
            let queries = try StoredQueries(request, hasEndOfChunk: false)
            try queries.prepare(rows.map(\.id))
            #expect(try rows.allSatisfy { try queries.query(of: $0)?.sample.id == $0.id })
        }
    }

    @Test func shotsBySimilarityAreTakenFromTheRecord() throws {
        var data = TinyVQA()
        data.picture = { Data("\($0 > 1000 ? $0 : 1000 + 3 * $0)".utf8) }
        try Bench.with(data) { bench in
            let request = bench.request {
                $0.selection = .rices
                $0.supportSize = 40
            }
            let rows = try bench.rows(try bench.run(request).summary.run)
            let queries = try StoredQueries(request, hasEndOfChunk: false)
            try queries.prepare(rows.map(\.id))
            for row in rows {
                #expect(try queries.query(of: row)?.prompt == bench.prompts[row.ordinal])
            }
            var strange = rows[0]
            strange.shotIDs[0] = "no such sample"
            let query = try queries.query(of: strange)
            #expect(query == nil)
        }
    }

    @Test func droppedShotsAreLeftOut() throws {
        try Bench.with { bench in
            let request = bench.request()
            var row = try #require(try bench.rows(try bench.run(request).summary.run).first)
            row.droppedShotCount = 1
            row.shotIDs.removeFirst()
            let queries = try StoredQueries(request, hasEndOfChunk: false)
            try queries.prepare([row.id])
            let query = try #require(try queries.query(of: row))
            #expect(query.shots.map(\.sample.id) == row.shotIDs)
            #expect(query.prompt.images.count == 4)
        }
    }

    @Test func aSampleThatIsGoneHasNoQuery() throws {
        try Bench.with { bench in
            let queries = try StoredQueries(bench.request(), hasEndOfChunk: false)
            try queries.prepare(["none"])
            let record = SampleRecord(ordinal: 0, id: "none", cluster: "c")
            let query = try queries.query(of: record)
            #expect(query == nil)
        }
    }
}
