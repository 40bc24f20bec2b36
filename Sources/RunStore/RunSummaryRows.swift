internal import EvalCore
internal import Foundation
internal import GRDB

/// Queries that show runs.
enum RunSummaryRows {
    /// The ids of all runs, oldest first.
    static func names(in db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT name FROM run ORDER BY id")
    }

    /// A run by its id, and its row id.
    static func summary(of name: String, in db: Database) throws -> (RunSummary, Int64) {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT run.id, json, status, sample_count, published_count, is_subset, is_demo,
                  support_count, not_comparable, label, submission_path, started, finished
                FROM run JOIN recipe ON recipe.id = recipe_id WHERE name = ?
                """,
            arguments: [name]
        )
        guard let row else { throw RunStoreError.unknownRun(name: name, candidates: []) }
        let id: Int64 = try row.value(0)
        let attempts = try attempts(run: id, in: db)
        guard let attempt = attempts.last?.description else {
            throw RunStoreError.mismatch(run: name, reason: "has no attempt")
        }
        let plan = RunPlan(
            recipe: try decoded(row.value(1)),
            sampleCount: try row.count(3),
            publishedCount: try row.optionalCount(4),
            notComparableReasons: try decoded(row.value(8)),
            isSubset: try row.value(5),
            supportCount: try row.optionalCount(7),
            isDemo: try row.value(6),
            label: try row.optional(9),
            attempt: attempt
        )
        let finishedCount = attempts.reduce(0) { $0 + $1.sampleCount }
        let errorCount = attempts.reduce(0) { $0 + $1.errorCount }
        let summary = RunSummary(
            run: name,
            plan: plan,
            status: try row.status(2),
            finishedCount: finishedCount,
            errorCount: errorCount,
            generatedCount: finishedCount - errorCount,
            attemptCount: attempts.count,
            metrics: try MetricRows.values(run: id, in: db),
            submissionPath: try row.optional(10),
            started: try row.date(11),
            finished: try row.optionalDate(12)
        )
        return (summary, id)
    }

    /// The processes that worked on a run, oldest first.
    static func attempts(run: Int64, in db: Database) throws -> [AttemptRecord] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT description, started, ended, ending, reason, sample_count, error_count
                FROM attempt WHERE run_id = ? ORDER BY id
                """,
            arguments: [run]
        )
        return try rows.map { row in
            AttemptRecord(
                description: try decoded(row.value(0)),
                started: try row.date(1),
                ended: try row.optionalDate(2),
                ending: try row.optional(3),
                reason: try row.optional(4),
                sampleCount: try row.count(5),
                errorCount: try row.count(6)
            )
        }
    }

    /// What happened to a run, oldest first.
    static func events(run: Int64, in db: Database) throws -> [RunEvent] {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT time, code, message FROM event WHERE run_id = ? ORDER BY id",
            arguments: [run]
        )
        return try rows.map { row in
            RunEvent(
                time: try row.date(0),
                code: try row.value(1),
                message: try row.value(2)
            )
        }
    }

    private static func decoded<Value: Decodable>(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }
}
