public import Foundation
internal import GRDB

extension RunStoreWriter {
    /// Appends runs to a baseline's history: from now on they are what the name stands for.
    /// - Parameters:
    ///   - name: the baseline.
    ///   - runs: ids of stored runs.
    ///   - time: when; rows of one call share it.
    /// - Throws: `RunStoreError`.
    public func save(baseline name: String, runs: [String], at time: Date) throws {
        try writing { db in
            for run in runs {
                try db.execute(
                    sql: """
                        INSERT INTO baseline(name, run_id, time)
                        SELECT ?, id, ? FROM run WHERE name = ?
                        """,
                    arguments: [name, StoreTime.text(time), run]
                )
            }
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
                      AND time = (SELECT max(time) FROM baseline WHERE name = ?1)
                    ORDER BY baseline.id
                    """,
                arguments: [name]
            )
        }
    }
}
