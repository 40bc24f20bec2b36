internal import Foundation
internal import GRDB

/// How a store is opened; only tests change anything.
package struct StoreOptions: Sendable {
    /// The schema, oldest step first.
    package var migrations = Migration.all
    /// The most pages that the file may have.
    package var pageLimit: Int?
    /// How long to wait for another process's transaction.
    package var patienceMilliseconds = 5_000

    /// Creates the options of the released program.
    package init() {}

    /// The version of the last step.
    var version: Int { migrations.last?.version ?? 0 }
}

/// An open store file whose schema is known to fit.
final class StoreConnection {
    let path: String
    let lock: LockFile?
    private let queue: DatabaseQueue
    private var isClosed = false

    private init(path: String, lock: LockFile?, queue: DatabaseQueue) {
        self.path = path
        self.lock = lock
        self.queue = queue
    }

    deinit { try? close() }  // nobody is left to tell; what was committed is safe

    /// Reads in one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try RunStoreError.wrapping(path: path) { try queue.read(body) }
    }

    /// Writes in one transaction, alone among all processes; all of `body` is kept or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let lock else { preconditionFailure("StoreConnection: writing through a reader") }
        return try RunStoreError.wrapping(path: path) {
            try lock.whileWriting(store: path) { try queue.write(body) }
        }
    }

    /// Closes the file; a writer merges the write-ahead log first as far as readers allow, so that
    /// the file alone is a whole store.
    func close() throws {
        if isClosed { return }
        isClosed = true
        try RunStoreError.wrapping(path: path) {
            guard let lock, !queue.configuration.readonly else { return try queue.close() }
            try lock.whileWriting(store: path) {
                mergeLog()
                try queue.close()
            }
        }
    }

    /// What cannot be merged now, for a reader or a full disk, stays safe in the log.
    private func mergeLog() {
        try? queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA busy_timeout = 0")
            _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}

// MARK: - Opening

extension StoreConnection {
    /// Opens a store for reading; neither waits for a writer nor makes one wait.
    static func reading(_ path: String, options: StoreOptions) throws -> StoreConnection {
        let path = absolute(path)
        guard try screen(path) else { throw RunStoreError.missing(path: path) }
        var configuration = configuration(options)
        configuration.readonly = true
        let hasLock = FileManager.default.fileExists(atPath: path + ".lock")
        let lock = hasLock ? try LockFile(besideStore: path, options, createsFile: false) : nil
        return try RunStoreError.wrapping(path: path) {
            let queue = try DatabaseQueue(path: readingName(path), configuration: configuration)
            let version = try queue.read { db in try schemaVersion(db, path: path, options) }
            if version == 0 { throw RunStoreError.missing(path: path) }
            if version < options.version {
                throw RunStoreError.older(path: path, version: version, supported: options.version)
            }
            return StoreConnection(path: path, lock: lock, queue: queue)
        }
    }

    /// Opens a store for writing; makes the file and its folder, and brings the schema up to date.
    static func writing(_ path: String, options: StoreOptions) throws -> StoreConnection {
        let path = absolute(path)
        try makeFolder(of: path)
        let exists = try screen(path)
        let lock = try LockFile(besideStore: path, options, createsFile: true)
        // A log that is left without any living process tells of an unclean end.
        let endedUncleanly = try exists && byteCount(path + "-wal") > 0 && !lock.isAnythingLocked()
        return try RunStoreError.wrapping(path: path) {
            try lock.whileWriting(store: path) {
                let queue = try DatabaseQueue(path: path, configuration: configuration(options))
                let connection = StoreConnection(path: path, lock: lock, queue: queue)
                let version = try queue.read { db in
                    let version = try schemaVersion(db, path: path, options)
                    if endedUncleanly { try check(db, path: path) }
                    return version
                }
                try queue.writeWithoutTransaction { db in
                    try setWritingMode(db, options)
                    if version > 0 && version < options.version {
                        try backUp(db, path: path, version: version)
                    }
                }
                try queue.write { db in try migrate(db, from: version, by: options.migrations) }
                return connection
            }
        }
    }

    /// SQLite takes a name that starts with `file:` for an address; an absolute path cannot.
    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private static func makeFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw RunStoreError.inaccessible(
                path: path,
                reason: "its folder \(folder.path) cannot be made"
            )
        }
    }

    /// Looks at the file before SQLite touches it, without opening it: closing any descriptor of a
    /// file frees the locks that SQLite holds on it elsewhere in the process.
    /// - Returns: false if there is none, or an empty one that was never filled.
    private static func screen(_ path: String) throws -> Bool {
        guard let attributes = attributes(of: path) else { return false }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw RunStoreError.notAStore(path: path, reason: "it is no regular file")
        }
        return attributes[.size] as? Int != 0
    }

    private static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(options.patienceMilliseconds) / 1_000)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA temp_store = MEMORY;
                    """
            )
        }
        return configuration
    }

    /// A store in a folder that cannot be written has no room for SQLite's shared index of the log;
    /// where there is no log either, the file is read as one that nobody changes.
    private static func readingName(_ path: String) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard !FileManager.default.isWritableFile(atPath: folder), byteCount(path + "-wal") == 0
        else { return path }
        let plain = CharacterSet(charactersIn: "/").union(.alphanumerics)
        let name = path.addingPercentEncoding(withAllowedCharacters: plain) ?? path
        return "file:\(name)?immutable=1"
    }

    /// The size of a file, 0 if there is none.
    private static func byteCount(_ path: String) -> Int {
        attributes(of: path)?[.size] as? Int ?? 0
    }

    /// The attributes of a file, links followed; nil if there is none.
    private static func attributes(of path: String) -> [FileAttributeKey: Any]? {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? FileManager.default.attributesOfItem(atPath: target)  // all that can go wrong
    }
}

// MARK: - Schema

extension StoreConnection {
    /// The schema's version, 0 if the file is empty.
    private static func schemaVersion(
        _ db: Database,
        path: String,
        _ options: StoreOptions
    ) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0 && version == 0 && tables == 0 { return 0 }
        guard application == storeApplicationID && version > 0 else {
            throw RunStoreError.notAStore(path: path, reason: "it is another program's database")
        }
        guard version <= options.version else {
            throw RunStoreError.newer(path: path, version: version, supported: options.version)
        }
        return version
    }

    private static func check(_ db: Database, path: String) throws {
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard verdict == "ok" else {
            throw RunStoreError.corrupt(path: path, detail: verdict ?? "no verdict")
        }
    }

    private static func setWritingMode(_ db: Database, _ options: StoreOptions) throws {
        // Where the file system cannot map memory SQLite answers with another mode: then readers
        // may have to wait for a commit, and nothing else changes.
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        if mode != "wal" { try db.execute(sql: "PRAGMA journal_mode = TRUNCATE") }
        try db.execute(sql: "PRAGMA synchronous = FULL")
        if let limit = options.pageLimit {
            try db.execute(sql: "PRAGMA max_page_count = \(limit)")
        }
    }

    private static func backUp(_ db: Database, path: String, version: Int) throws {
        let stamp = StoreTime.text(Date()).replacing(":", with: "")
        try db.execute(sql: "VACUUM INTO ?", arguments: ["\(path).v\(version)-\(stamp)"])
    }

    private static func migrate(_ db: Database, from version: Int, by steps: [Migration]) throws {
        for step in steps where step.version > version {
            try db.execute(sql: step.sql)
            try db.execute(sql: "PRAGMA user_version = \(step.version)")
        }
        if version == 0 { try db.execute(sql: "PRAGMA application_id = \(storeApplicationID)") }
    }
}
