internal import EvalCore
internal import Foundation
internal import GRDB

/// Writes samples into their tables.
///
/// Remembers the row ids of shared texts and metric versions; after a transaction that failed the
/// memory holds rows that do not exist, so a new writer must be made.
struct SampleWriter {
    private var texts: [[UInt8]: Int64] = [:]
    private var categorySets: [[String: String]: Int64] = [:]
    private var metrics = MetricVersions()

    /// Writes one sample and its scores.
    mutating func insert(
        _ sample: SampleRecord,
        run: (name: String, id: Int64),
        attempt: Int64,
        into db: Database
    ) throws {
        try Self.validate(sample, run: run.name)
        let shots = try sample.shotIDs.map { UInt64(try id(of: $0, in: db)) }
        let statement = try db.cachedStatement(sql: Self.insertion)
        statement.setUncheckedArguments([
            run.id, sample.ordinal, Data(sample.id.utf8), attempt, Data(sample.cluster.utf8),
            try id(of: sample.categories, in: db), Data(CompactCoding.encode(shots)),
            sample.shotsAreTextOnly, sample.similarities.map { Data(CompactCoding.encode($0)) },
            sample.excludedCount, sample.droppedShotCount,
            sample.promptSHA256.flatMap(CompactCoding.digest).map { Data($0) },
            sample.promptTokenCount, sample.output.map { Data($0.utf8) },
            Data(CompactCoding.encode(sample.outputTokens.map { UInt64(UInt32(bitPattern: $0)) })),
            sample.finish?.rawValue, sample.logprob,
            Data(CompactCoding.encode(sample.candidateLogprobs)),
            sample.answer.map { Data($0.utf8) }, sample.failure?.code,
            sample.failure.map { Data($0.message.utf8) },
        ])
        try statement.execute()
        try insert(sample.scores, ofSample: db.lastInsertedRowID, into: db)
    }

    /// Writes scores of a sample; an equal metric and version is overwritten.
    mutating func insert(_ scores: [Score], ofSample sample: Int64, into db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO score(sample_id, metric_id, value) VALUES(?,?,?)
                ON CONFLICT DO UPDATE SET value = excluded.value
                """
        )
        for score in scores {
            let metric = try metrics.id(metric: score.metric, version: score.version, in: db)
            statement.setUncheckedArguments([sample, metric, score.value])
            try statement.execute()
        }
    }

    private mutating func id(of categories: [String: String], in db: Database) throws -> Int64? {
        if categories.isEmpty { return nil }
        if let known = categorySets[categories] { return known }
        let new = try id(of: sortedJSON(categories), in: db)
        categorySets[categories] = new
        return new
    }

    private mutating func id(of text: String, in db: Database) throws -> Int64 {
        let bytes = Array(text.utf8)
        if let known = texts[bytes] { return known }
        let stored = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM shared_text WHERE text = CAST(? AS TEXT)"),
            arguments: [Data(bytes)]
        )
        if let stored {
            texts[bytes] = stored
            return stored
        }
        try db.execute(
            sql: "INSERT INTO shared_text(text) VALUES(CAST(? AS TEXT))",
            arguments: [Data(bytes)]
        )
        texts[bytes] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }

    /// Refuses what SQLite would keep in another form: it stores a NaN as NULL.
    private static func validate(_ sample: SampleRecord, run: String) throws {
        func refuse(_ reason: String) -> RunStoreError {
            .invalidRecord(run: run, sampleID: sample.id, reason: reason)
        }
        for score in sample.scores where !score.value.isFinite {
            throw refuse("score \(score.metric) is \(score.value), expected a finite number")
        }
        let numbers = sample.candidateLogprobs + (sample.similarities ?? [])
        guard !numbers.contains(where: \.isNaN), sample.logprob?.isNaN != true else {
            throw refuse("a log-probability or similarity is not a number")
        }
        if let hex = sample.promptSHA256, CompactCoding.digest(hex) == nil {
            throw refuse("prompt digest \"\(hex)\", expected 64 lower-case hexadecimal digits")
        }
    }

    private static let insertion = """
        INSERT INTO sample(
          run_id, ordinal, name, attempt_id, cluster, categories_id, shots, shots_text_only,
          similarities, excluded_count, dropped_shot_count, prompt_sha256, prompt_token_count,
          output, output_tokens, finish, logprob, candidate_logprobs, answer, error_code,
          error_message)
        VALUES(?,?,CAST(? AS TEXT),?,CAST(? AS TEXT),?,?,?,?,?,?,?,?,CAST(? AS TEXT),?,?,?,?,
          CAST(? AS TEXT),?,CAST(? AS TEXT))
        """
}

/// Row ids of metric names and versions.
struct MetricVersions {
    private struct Key: Hashable {
        var metric: String
        var version: Int
    }

    private var ids: [Key: Int64] = [:]

    /// The row id, a new row if there is none.
    mutating func id(metric: String, version: Int, in db: Database) throws -> Int64 {
        let key = Key(metric: metric, version: version)
        if let known = ids[key] { return known }
        try db.execute(
            sql: "INSERT INTO metric_version(metric, version) VALUES(?,?) ON CONFLICT DO NOTHING",
            arguments: [metric, version]
        )
        let id = try Int64.fetchOne(
            db,
            sql: "SELECT id FROM metric_version WHERE metric = ? AND version = ?",
            arguments: [metric, version]
        )
        guard let id else { preconditionFailure("metric_version: the row just written is gone") }
        ids[key] = id
        return id
    }
}
