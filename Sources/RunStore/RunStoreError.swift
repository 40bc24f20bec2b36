internal import GRDB

/// Why a store cannot be used, or does not have what was asked for.
public enum RunStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no store at this path yet.
    case missing(path: String)
    /// The file is something else.
    case notAStore(path: String, reason: String)
    /// A later version of the tool wrote it.
    case newer(path: String, version: Int, supported: Int)
    /// An earlier version of the tool wrote it, and this connection may not bring it up to date.
    case older(path: String, version: Int, supported: Int)
    /// The file is damaged.
    case corrupt(path: String, detail: String)
    /// Another process holds the store for longer than the patience of five seconds.
    case locked(path: String)
    /// Another process works on this run.
    case runInProgress(run: String, processID: Int32?, started: String?)
    /// The disk is full; what was committed before is safe.
    case full(path: String, detail: String)
    /// The file or its folder cannot be opened or written.
    case inaccessible(path: String, reason: String)
    /// Any other failure of SQLite, with its code.
    case failed(path: String, reason: String)
    /// No run, or more than one, has this name.
    case unknownRun(name: String, candidates: [String])
    /// A record that the store must not keep.
    case invalidRecord(run: String, sampleID: String?, reason: String)
    /// The plan or ending does not fit the stored run.
    case mismatch(run: String, reason: String)

    /// One line: what, where, expected and got, what to do next.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): no runs are stored here yet; start one with `run`"
        case .notAStore(let path, let reason):
            "\(path): not a run store: \(reason); name another file with --store"
        case .newer(let path, let version, let supported):
            "\(path): written by a later version (schema \(version), this one knows \(supported)); "
                + "use that version or another --store"
        case .older(let path, let version, let supported):
            "\(path): schema \(version) of an earlier version, expected \(supported); "
                + "`run` brings the store up to date"
        case .corrupt(let path, let detail):
            "\(path): the store is damaged (\(detail)); nothing was changed. Move it and its -wal "
                + "and -shm files away together, or recover with: "
                + "sqlite3 \(path) .recover | sqlite3 NEW.sqlite"
        case .locked(let path):
            "\(path): locked by another process for more than 5 seconds; wait, or use another --store"
        case .runInProgress(let run, let processID, let started):
            "run \(run) is in progress by pid \(processID.map(String.init) ?? "unknown")"
                + (started.map { " since \($0)" } ?? "") + "; wait for it, or stop it first"
        case .full(let path, let detail):
            "\(path): cannot grow (\(detail)); free space, then type the same command again"
        case .inaccessible(let path, let reason):
            "\(path): \(reason); check the folder, or use another --store"
        case .failed(let path, let reason): "\(path): \(reason)"
        case .unknownRun(let name, let candidates):
            candidates.isEmpty
                ? "no run is called \"\(name)\"; `runs` lists those there are"
                : "\"\(name)\" may be any of the runs \(candidates.joined(separator: ", "))"
        case .invalidRecord(let run, let sampleID, let reason):
            "run \(run)\(sampleID.map { ", sample \($0)" } ?? ""): \(reason)"
        case .mismatch(let run, let reason): "run \(run): \(reason)"
        }
    }

    /// The error for what SQLite said, its code kept in the text.
    static func wrapping(_ error: DatabaseError, path: String) -> RunStoreError {
        let text = "\(error.extendedResultCode): \(error.message ?? "no message")"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: return .locked(path: path)
        case .SQLITE_FULL: return .full(path: path, detail: text)
        case .SQLITE_CORRUPT: return .corrupt(path: path, detail: text)
        case .SQLITE_NOTADB: return .notAStore(path: path, reason: text)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            return .inaccessible(path: path, reason: text)
        default: return .failed(path: path, reason: text)
        }
    }

    /// Runs `body`; SQLite's errors become errors of this room, and so does a stored value that
    /// cannot be decoded.
    static func wrapping<Value>(path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw wrapping(error, path: path)
        } catch let error as RunStoreError {
            throw error
        } catch {
            let text = String(describing: error).split(separator: "\n").joined(separator: " ")
            throw RunStoreError.corrupt(path: path, detail: text)
        }
    }
}
