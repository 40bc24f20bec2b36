public import EvalCore
public import Foundation
internal import GRDB

/// One process that worked on a run.
public struct AttemptRecord: Sendable, Hashable {
    /// What ran where.
    public var description: AttemptDescription
    /// When it opened the run.
    public var started: Date
    /// When it gave the run back; nil while it works, or if it died.
    public var ended: Date?
    /// `done`, `interrupted`, `failed` or `lost` (it died); nil while it works or until the next
    /// process finds it dead.
    public var ending: String?
    /// Why it was interrupted or failed.
    public var reason: String?
    /// Samples that it recorded.
    public var sampleCount: Int
    /// How many of these are errors.
    public var errorCount: Int
}

/// Something worth knowing that happened to a run.
public struct RunEvent: Sendable, Hashable {
    /// When.
    public var time: Date
    /// `owner_died`, `interrupted`, `failed`, `rescored`, `retried`.
    public var code: String
    /// One line.
    public var message: String
}

/// Reads runs from a SQLite file; neither waits for writers nor makes them wait.
///
/// Use from one thread at a time.
public final class RunStoreReader: RunReader {
    let connection: StoreConnection
    /// Samples held at a time while walking a run.
    private static let chunkSize = 512

    /// Opens a store for reading.
    /// - Parameter path: the store file.
    /// - Throws: `RunStoreError`; `missing` if there is no store yet.
    public init(path: String) throws {
        connection = try StoreConnection.reading(path, options: StoreOptions())
    }

    /// Gives the file back; the reader is then of no more use.
    /// - Throws: `RunStoreError`.
    public func close() throws { try connection.close() }

    /// All runs, oldest first.
    ///
    /// A run whose process died reads as interrupted, though nobody has written that.
    /// - Returns: the runs with their counts and aggregates.
    /// - Throws: `RunStoreError`.
    public func runs() throws -> [RunSummary] {
        try connection.read { db in
            try RunSummaryRows.names(in: db).map { try summary(of: $0, in: db) }
        }
    }

    /// One run.
    /// - Parameter name: an id, a unique prefix of one, or `latest`.
    /// - Returns: the run with its counts and aggregates.
    /// - Throws: `RunStoreError`; `unknownRun` if there is none, or several.
    public func summary(of name: String) throws -> RunSummary {
        try connection.read { db in
            let names = try RunSummaryRows.names(in: db)
            if name == "latest", let last = names.last { return try summary(of: last, in: db) }
            if names.contains(name) { return try summary(of: name, in: db) }
            let candidates = name.isEmpty ? [] : names.filter { $0.utf8.starts(with: name.utf8) }
            guard candidates.count == 1 else {
                throw RunStoreError.unknownRun(name: name, candidates: candidates)
            }
            return try summary(of: candidates[0], in: db)
        }
    }

    /// Hands over a run's samples in query order, a few hundred in memory at a time.
    /// - Parameters:
    ///   - run: the run's id.
    ///   - body: takes each record; may read from this store; ends the walk by throwing.
    /// - Throws: `RunStoreError`, and what `body` throws.
    public func eachSample(of run: String, _ body: (SampleRecord) throws -> Void) throws {
        var reader = SampleReader(run: try rowID(of: run), path: connection.path)
        var last = -1
        while true {
            let chunk = try connection.read { db in
                try reader.samples(after: last, limit: Self.chunkSize, in: db)
            }
            for sample in chunk { try body(sample) }
            guard let end = chunk.last?.ordinal else { return }
            last = end
        }
    }

    /// One sample of a run.
    /// - Parameters:
    ///   - id: the sample's id.
    ///   - run: the run's id.
    /// - Returns: the sample, nil if it has no row.
    /// - Throws: `RunStoreError`.
    public func sample(_ id: String, of run: String) throws -> SampleRecord? {
        var reader = SampleReader(run: try rowID(of: run), path: connection.path)
        return try connection.read { db in try reader.sample(id, in: db) }
    }

    /// The processes that worked on a run, oldest first.
    /// - Parameter run: the run's id.
    /// - Returns: one record per process.
    /// - Throws: `RunStoreError`.
    public func attempts(of run: String) throws -> [AttemptRecord] {
        let id = try rowID(of: run)
        return try connection.read { db in try RunSummaryRows.attempts(run: id, in: db) }
    }

    /// What happened to a run, oldest first.
    /// - Parameter run: the run's id.
    /// - Returns: the events.
    /// - Throws: `RunStoreError`.
    public func events(of run: String) throws -> [RunEvent] {
        let id = try rowID(of: run)
        return try connection.read { db in try RunSummaryRows.events(run: id, in: db) }
    }

    /// The digest of all bytes of weights that recipes know by a cheaper one, which another copy of
    /// the same files does not share.
    /// - Parameter digest: `EngineProvenance.weightsDigest`.
    /// - Returns: SHA-256 (hex); nil if it was never taken.
    /// - Throws: `RunStoreError`.
    public func contentDigest(ofWeights digest: String) throws -> String? {
        try connection.read { db in
            try String.fetchOne(
                db,
                sql: "SELECT content_digest FROM artifact WHERE kind = 'weights' AND digest = ?",
                arguments: [digest]
            )
        }
    }

    private func rowID(of run: String) throws -> Int64 {
        let id = try connection.read { db in
            try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE name = ?", arguments: [run])
        }
        guard let id else { throw RunStoreError.unknownRun(name: run, candidates: []) }
        return id
    }

    private func summary(of name: String, in db: Database) throws -> RunSummary {
        var (summary, id) = try RunSummaryRows.summary(of: name, in: db)
        if try summary.status == .running && connection.lock?.isClaimed(run: id) != true {
            summary.status = .interrupted
        }
        return summary
    }
}
