internal import Foundation
internal import GRDB

extension RunStoreWriter {
    /// Appends runs to a baseline's history: from now on they are what the name stands for.
    /// - Parameters:
    ///   - name: the baseline.
    ///   - runs: ids of stored runs.
    ///   - export: called before the runs are kept, while no other process can save: a file that
    ///     it writes and the store then say the same. If it throws, nothing is kept.
    /// - Throws: `RunStoreError`, and what `export` throws.
    public func save(
        baseline name: String,
        runs: [String],
        export: () throws -> Void = {}
    ) throws {
        var failure: (any Error)?
        do {
            try writing { db in
                try Self.insert(name, runs, into: db)
                do {
                    try export()
                } catch {
                    failure = error
                    throw error
                }
            }
        } catch {
            throw failure ?? error
        }
    }

    private static func insert(_ name: String, _ runs: [String], into db: Database) throws {
        // Rows of one call share it.
        let time = StoreTime.text(Date())
        for run in runs {
            try db.execute(
                sql: """
                    INSERT INTO baseline(name, run_id, time)
                    SELECT ?, id, ? FROM run WHERE name = ?
                    """,
                arguments: [name, time, run]
            )
        }
    }
}

extension RunStoreReader {
    /// The runs that a baseline's name stands for: those that were saved last.
    /// - Parameter name: the baseline.
    /// - Returns: ids; empty if there is no such baseline.
    /// - Throws: `RunStoreError`.
    public func runs(ofBaseline name: String) throws -> [String] {
        try connection.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT run.name FROM baseline JOIN run ON run.id = run_id
                    WHERE baseline.name = ?1
                      AND time = (
                        SELECT time FROM baseline WHERE name = ?1 ORDER BY id DESC LIMIT 1
                      )
                    ORDER BY baseline.id
                    """,
                arguments: [name]
            )
        }
    }
}
