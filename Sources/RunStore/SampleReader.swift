internal import EvalCore
internal import Foundation
internal import GRDB

/// A metric's name and version, with the row id of its first version as its place in lists.
private struct MetricName {
    var name: String
    var version: Int
    var rank: Int64
}

/// Reads samples from their tables.
struct SampleReader {
    let run: Int64
    let path: String
    private var texts: [Int64: String] = [:]
    private var categorySets: [Int64: [String: String]] = [:]
    private var metrics: [Int64: MetricName] = [:]

    init(run: Int64, path: String) {
        self.run = run
        self.path = path
    }

    /// Up to `limit` samples behind an ordinal, in query order.
    mutating func samples(
        after ordinal: Int,
        limit: Int,
        in db: Database
    ) throws -> [SampleRecord] {
        let statement = try db.cachedStatement(
            sql: Self.columns + " WHERE run_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?"
        )
        return try records(statement, [run, ordinal, limit], in: db)
    }

    /// The sample of that id.
    mutating func sample(_ name: String, in db: Database) throws -> SampleRecord? {
        let statement = try db.cachedStatement(
            sql: Self.columns + " WHERE run_id = ? AND name = CAST(? AS TEXT)"
        )
        return try records(statement, [run, Data(name.utf8)], in: db).first
    }

    private mutating func records(
        _ statement: Statement,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [SampleRecord] {
        var rowIDs: [Int64] = []
        var samples: [SampleRecord] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            rowIDs.append(try row.value(0))
            samples.append(try record(row, in: db))
        }
        for (index, id) in rowIDs.enumerated() {
            samples[index].scores = try scores(ofSample: id, in: db)
        }
        return samples
    }

    private mutating func record(_ row: Row, in db: Database) throws -> SampleRecord {
        var sample = SampleRecord(
            ordinal: try row.value(1),
            id: try text(row.value(2)),
            cluster: try text(row.value(3))
        )
        if let id: Int64 = try row.optional(4) { sample.categories = try categories(id, in: db) }
        let shots = try decoded(CompactCoding.numbers(row.value(5) as Data), "shots")
        sample.shotIDs = try shots.map { try text(Int64(truncatingIfNeeded: $0), in: db) }
        sample.shotsAreTextOnly = try row.value(6)
        if let data: Data = try row.optional(7) {
            sample.similarities = try decoded(CompactCoding.doubles(Array(data)), "similarities")
        }
        sample.excludedCount = try row.value(8)
        sample.droppedShotCount = try row.value(9)
        sample.promptSHA256 = try (row.optional(10) as Data?).map { CompactCoding.hex(Array($0)) }
        sample.promptTokenCount = try row.optional(11)
        try fillResult(of: &sample, from: row)
        return sample
    }

    private func fillResult(of sample: inout SampleRecord, from row: Row) throws {
        sample.output = try (row.optional(12) as Data?).map { try text($0) }
        sample.outputTokens = try decoded(
            CompactCoding.numbers(row.value(13) as Data),
            "output tokens"
        ).map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        if let name: String = try row.optional(14) {
            sample.finish = try decoded(FinishReason(rawValue: name), "finish reason")
        }
        sample.logprob = try row.optional(15)
        let logprobs = CompactCoding.doubles(Array(try row.value(16) as Data))
        // −∞ is a candidate that cannot be.
        let isUsable = logprobs?.allSatisfy { $0 < .infinity } == true
        sample.candidateLogprobs = try decoded(
            isUsable ? logprobs : nil,
            "candidate log-probabilities"
        )
        sample.answer = try (row.optional(17) as Data?).map { try text($0) }
        if let code: String = try row.optional(18) {
            sample.failure = SampleFailure(code: code, message: try text(row.value(19)))
        }
    }

    /// A sample's scores: of each metric the latest version, in the order in which the metrics
    /// first came.
    private mutating func scores(ofSample id: Int64, in db: Database) throws -> [Score] {
        let statement = try db.cachedStatement(
            sql: "SELECT metric_id, value FROM score WHERE sample_id = ? ORDER BY metric_id"
        )
        var found: [(score: Score, rank: Int64)] = []
        let rows = try Row.fetchCursor(statement, arguments: [id])
        while let row = try rows.next() {
            let metric = try metric(row.value(0), in: db)
            let score = Score(
                metric: metric.name,
                version: metric.version,
                value: try decoded(row.finite(1), "a score")
            )
            if let index = found.firstIndex(where: { $0.score.metric == metric.name }) {
                if found[index].score.version < metric.version { found[index].score = score }
            } else {
                found.append((score, metric.rank))
            }
        }
        return found.sorted { $0.rank < $1.rank }.map(\.score)
    }

    private mutating func metric(_ id: Int64, in db: Database) throws -> MetricName {
        if let known = metrics[id] { return known }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT metric, version,
                  (SELECT min(id) FROM metric_version other WHERE other.metric = found.metric)
                FROM metric_version found WHERE id = ?
                """,
            arguments: [id]
        )
        guard let row else { throw damaged("metric \(id) is missing") }
        let metric = MetricName(
            name: try row.value(0),
            version: try row.value(1),
            rank: try row.value(2)
        )
        metrics[id] = metric
        return metric
    }

    private mutating func categories(_ id: Int64, in db: Database) throws -> [String: String] {
        if let known = categorySets[id] { return known }
        let json = try text(id, in: db)
        let categories = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
        categorySets[id] = categories
        return categories
    }

    private mutating func text(_ id: Int64, in db: Database) throws -> String {
        if let known = texts[id] { return known }
        let bytes = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT CAST(text AS BLOB) FROM shared_text WHERE id = ?"),
            arguments: [id]
        )
        guard let bytes else { throw damaged("text \(id) is missing") }
        let text = try text(bytes)
        texts[id] = text
        return text
    }

    private func text(_ bytes: Data) throws -> String {
        try decoded(String(validating: bytes, as: UTF8.self), "a text")
    }

    private func decoded<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw damaged("\(what) cannot be decoded") }
        return value
    }

    private func damaged(_ detail: String) -> RunStoreError {
        .corrupt(path: path, detail: detail)
    }

    private static let columns = """
        SELECT id, ordinal, CAST(name AS BLOB), CAST(cluster AS BLOB), categories_id, shots,
          shots_text_only, similarities, excluded_count, dropped_shot_count, prompt_sha256,
          prompt_token_count, CAST(output AS BLOB), output_tokens, finish, logprob,
          candidate_logprobs, CAST(answer AS BLOB), error_code, CAST(error_message AS BLOB)
        FROM sample
        """
}
