internal import Foundation

/// The side file whose byte ranges say who writes: byte 0 is held during every transaction that
/// writes, byte r by the process that works on run r.
///
/// The kernel frees the locks of a process that dies, so none is ever stale. They belong to the
/// open file, so two owners in one process exclude each other as well.
///
/// Writers and checkpoints never overlap because both happen under byte 0. SQLite alone would let
/// them, but versions before 3.51.3 may then lose committed pages (the WAL-reset bug).
final class LockFile {
    private let path: String
    private let descriptor: Int32
    private let patienceMilliseconds: Int
    private var isWriting = false

    /// Opens the lock file beside a store.
    init(besideStore store: String, _ options: StoreOptions, createsFile: Bool) throws {
        path = store + ".lock"
        patienceMilliseconds = options.patienceMilliseconds
        let flags = createsFile ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC
        descriptor = unsafe Foundation.open(path, flags, 0o644)
        guard descriptor >= 0 else {
            throw RunStoreError.inaccessible(
                path: path,
                reason: unsafe String(cString: strerror(errno))
            )
        }
    }

    deinit { close(descriptor) }

    /// Runs `body` while this process alone may write to the store.
    func whileWriting<Value>(store: String, _ body: () throws -> Value) throws -> Value {
        if isWriting { return try body() }
        var waited = 0
        while try !lock(byte: 0) {
            guard waited < patienceMilliseconds else { throw RunStoreError.locked(path: store) }
            usleep(2_000)
            waited += 2
        }
        isWriting = true
        defer {
            isWriting = false
            unlock(byte: 0)
        }
        return try body()
    }

    /// Claims a run.
    /// - Returns: false if another process has it.
    func claim(run: Int64) throws -> Bool { try lock(byte: run) }

    /// Gives a run back.
    func release(run: Int64) { unlock(byte: run) }

    /// True if some other process works on the run.
    func isClaimed(run: Int64) throws -> Bool { try isLocked(from: run, count: 1) }

    /// True if some other process works on any run or writes.
    func isAnythingLocked() throws -> Bool { try isLocked(from: 0, count: 0) }

    private func lock(byte: Int64) throws -> Bool {
        var request = range(F_WRLCK, from: byte, count: 1)
        if control(Self.setLock, &request) == 0 { return true }
        if errno == EAGAIN || errno == EACCES { return false }
        throw failure()
    }

    private func unlock(byte: Int64) {
        var request = range(F_UNLCK, from: byte, count: 1)
        // Freeing a lock of an open file cannot fail; closing the file would free it as well.
        _ = control(Self.setLock, &request)
    }

    private func isLocked(from byte: Int64, count: Int64) throws -> Bool {
        var request = range(F_WRLCK, from: byte, count: count)
        guard control(Self.getLock, &request) == 0 else { throw failure() }
        return request.l_type != Int16(F_UNLCK)
    }

    /// A range; a count of 0 reaches to the end of all bytes.
    private func range(_ kind: Int32, from byte: Int64, count: Int64) -> flock {
        flock(
            l_type: Int16(kind),
            l_whence: Int16(SEEK_SET),
            l_start: Int(byte),
            l_len: Int(count),
            l_pid: 0
        )
    }

    private func control(_ command: Int32, _ request: inout flock) -> Int32 {
        unsafe fcntl(descriptor, command, &request)
    }

    private func failure() -> RunStoreError {
        .inaccessible(path: path, reason: unsafe "cannot lock: " + String(cString: strerror(errno)))
    }

    /// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux, which the C library hides from Swift.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37
}
