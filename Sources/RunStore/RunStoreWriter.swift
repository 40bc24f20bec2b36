public import EvalCore
internal import Foundation
internal import GRDB

/// Keeps runs in a SQLite file.
///
/// Several processes may write to one store, each to runs of its own; what a call has returned
/// from survives a kill of the process and a crash of the system. Use from one thread at a time.
public final class RunStoreWriter: RunRecorder {
    private struct OpenRun {
        var id: Int64
        var attempt: Int64
        var sampleCount: Int
    }

    private let connection: StoreConnection
    private let lock: LockFile
    private var openRuns: [String: OpenRun] = [:]
    private var samples = SampleWriter()

    /// Opens a store; makes the file and its folder if there are none, and brings an older schema
    /// up to date after writing a copy beside the file.
    /// - Parameter path: the store file.
    /// - Throws: `RunStoreError`; the file is then as it was.
    public convenience init(path: String) throws {
        try self.init(path: path, options: StoreOptions())
    }

    /// Opens a store in another way than the released program does, for tests.
    package init(path: String, options: StoreOptions) throws {
        connection = try StoreConnection.writing(path, options: options)
        guard let lock = connection.lock else {
            preconditionFailure("RunStoreWriter: a writing connection has a lock file")
        }
        self.lock = lock
    }

    /// Gives the store back; runs that are still open are then open to other processes.
    /// - Throws: `RunStoreError`; nothing that was committed is lost.
    public func close() throws {
        for (_, run) in openRuns { lock.release(run: run.id) }
        openRuns = [:]
        try connection.close()
    }

    // MARK: - RunRecorder

    /// Opens the run of a recipe: the one there is, else a new one.
    ///
    /// A done run is opened without being claimed. A run whose last process died is taken over.
    /// A run that ended by an error forgets the samples that failed.
    /// - Parameter plan: the recipe and what goes with it.
    /// - Returns: the run and what it already has.
    /// - Throws: `RunStoreError`; `runInProgress` if another living process works on it.
    public func open(_ plan: RunPlan) throws -> OpenedRun {
        var claimed: Int64?
        do {
            return try connection.write { db in
                let run = try RunRows.find(plan, in: db) ?? RunRows.insert(plan, into: db)
                let isDone = run.status == .done
                if !isDone {
                    guard openRuns[run.name] == nil, try lock.claim(run: run.id) else {
                        throw try RunRows.inProgress(run, in: db)
                    }
                    claimed = run.id
                    try RunRows.markLostAttempts(run: run.id, in: db)
                    try RunRows.resume(run, plan, in: db)
                    let attempt = try RunRows.insertAttempt(plan.attempt, run: run.id, into: db)
                    if run.status == .failed {
                        try RunRows.forgetFailedSamples(run: run.id, attempt: attempt, in: db)
                    }
                    openRuns[run.name] = OpenRun(
                        id: run.id,
                        attempt: attempt,
                        sampleCount: run.sampleCount
                    )
                }
                return OpenedRun(
                    run: run.name,
                    finishedOrdinals: try RunRows.finishedOrdinals(run: run.id, in: db),
                    isDone: isDone
                )
            }
        } catch {
            if let claimed {
                lock.release(run: claimed)
                openRuns = openRuns.filter { $0.value.id != claimed }
            }
            throw error
        }
    }

    /// Keeps finished samples in one transaction.
    /// - Parameters:
    ///   - samples: records with a result or a failure; none has a row yet.
    ///   - run: the run's id, as `open` gave it.
    /// - Throws: `RunStoreError`; then none of the samples is kept.
    public func record(_ samples: [SampleRecord], run: String) throws {
        let open = try opened(run)
        if let outside = samples.first(where: { !(0..<open.sampleCount).contains($0.ordinal) }) {
            throw RunStoreError.invalidRecord(
                run: run,
                sampleID: outside.id,
                reason: "ordinal \(outside.ordinal), expected 0..<\(open.sampleCount)"
            )
        }
        if samples.isEmpty { return }
        try writing { db in
            for sample in samples {
                try self.samples.insert(
                    sample,
                    run: (run, open.id),
                    attempt: open.attempt,
                    into: db
                )
            }
            try db.execute(
                sql: """
                    UPDATE attempt SET sample_count = sample_count + ?, error_count = error_count + ?
                    WHERE id = ?
                    """,
                arguments: [
                    samples.count, samples.lazy.filter { $0.failure != nil }.count, open.attempt,
                ]
            )
        }
    }

    /// Ends this process's work on a run and gives it back.
    /// - Parameters:
    ///   - ending: how it ended; `done` needs a row for every sample.
    ///   - run: the run's id, as `open` gave it.
    /// - Throws: `RunStoreError`; the run is then still open.
    public func end(_ ending: RunEnding, run: String) throws {
        let open = try opened(run)
        try writing { db in
            if case .done(let metrics, let sampleScores, _) = ending {
                try RunRows.requireAllSamples(run: (run, open.id), in: db)
                for scores in sampleScores { try insert(scores, run: (run, open.id), into: db) }
                try MetricRows.insert(metrics, run: (run, open.id), into: db)
            }
            try RunRows.end(ending, run: open.id, attempt: open.attempt, in: db)
        }
        openRuns[run] = nil
        lock.release(run: open.id)
    }

    // MARK: - Scoring again

    /// Keeps scores made later from stored outputs; those of other versions stay.
    /// - Parameters:
    ///   - scores: for samples that have a row, by their ordinal.
    ///   - run: a run's id; nobody may be working on it.
    /// - Throws: `RunStoreError`; then none of the scores is kept.
    public func record(scores: [Int: [Score]], run: String) throws {
        try writingAlone(run) { db, id in
            for (ordinal, scores) in scores.sorted(by: { $0.key < $1.key }) {
                let scores = SampleScores(ordinal: ordinal, scores: scores)
                try insert(scores, run: (run, id), into: db)
            }
        }
    }

    /// Writes scores of a sample that has a row.
    private func insert(
        _ scores: SampleScores,
        run: (name: String, id: Int64),
        into db: Database
    ) throws {
        let sample = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM sample WHERE run_id = ? AND ordinal = ?"),
            arguments: [run.id, scores.ordinal]
        )
        guard let sample, scores.scores.allSatisfy(\.value.isFinite) else {
            throw RunStoreError.invalidRecord(
                run: run.name,
                sampleID: nil,
                reason: "scores of ordinal \(scores.ordinal): expected finite numbers of a stored "
                    + "sample"
            )
        }
        try samples.insert(scores.scores, ofSample: sample, into: db)
    }

    /// Keeps aggregates made later from stored outputs; those of other versions stay.
    /// - Parameters:
    ///   - metrics: headline first.
    ///   - run: a run's id; nobody may be working on it.
    /// - Throws: `RunStoreError`.
    public func record(metrics: [MetricValue], run: String) throws {
        try writingAlone(run) { db, id in
            try MetricRows.insert(metrics, run: (run, id), into: db)
            let names = metrics.map { "\($0.metric) v\($0.version)" }.joined(separator: ", ")
            try RunRows.insertEvent(.rescored, names, run: id, attempt: nil, into: db)
        }
    }

    /// Keeps the digest of all bytes of an artifact that a recipe knows by a cheaper digest.
    /// - Parameters:
    ///   - contentDigest: SHA-256 (hex) of all weight files.
    ///   - digest: `EngineProvenance.weightsDigest`.
    /// - Throws: `RunStoreError`; `mismatch` if another content digest is stored for it.
    public func record(contentDigest: String, ofWeights digest: String) throws {
        try writing { db in
            let known = try String.fetchOne(
                db,
                sql: "SELECT content_digest FROM artifact WHERE kind = 'weights' AND digest = ?",
                arguments: [digest]
            )
            if let known, known != contentDigest {
                throw RunStoreError.mismatch(
                    run: "of weights \(digest)",
                    reason: "content digest \(contentDigest), stored before as \(known)"
                )
            }
            try db.execute(
                sql: """
                    UPDATE artifact SET content_digest = ? WHERE kind = 'weights' AND digest = ?
                    """,
                arguments: [contentDigest, digest]
            )
        }
    }

    // MARK: - Transactions

    private func opened(_ run: String) throws -> OpenRun {
        guard let open = openRuns[run] else {
            throw RunStoreError.mismatch(run: run, reason: "not open for writing in this process")
        }
        return open
    }

    /// A transaction; if it fails, the memory of row ids is dropped with its rows.
    func writing(_ body: (Database) throws -> Void) throws {
        do {
            try connection.write(body)
        } catch {
            samples = SampleWriter()
            throw error
        }
    }

    private func writingAlone(_ run: String, _ body: (Database, Int64) throws -> Void) throws {
        let id = try connection.read { db in
            try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE name = ?", arguments: [run])
        }
        guard let id else { throw RunStoreError.unknownRun(name: run, candidates: []) }
        let isOurs = openRuns[run] != nil
        guard try isOurs || lock.claim(run: id) else {
            throw RunStoreError.runInProgress(run: run, processID: nil, started: nil)
        }
        defer { if !isOurs { lock.release(run: id) } }
        try writing { db in try body(db, id) }
    }
}
