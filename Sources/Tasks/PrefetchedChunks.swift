internal import Foundation
internal import InputFiles

/// The content of a file, read, decompressed and digested by a thread of its own while another
/// one works on what came before.
///
/// Safe to share: the content is handed over under the condition's lock, and the reader and the
/// hasher are touched by the thread alone until it has ended.
final class PrefetchedChunks: @unchecked Sendable {
    private let reader: ChunkReader
    private var hasher = SHA256Hasher()
    private let condition = NSCondition()
    private var waiting: [[UInt8]] = []
    private var taken: ArraySlice<[UInt8]> = []
    private var failure: (any Error)?
    private var isEnded = false
    private var isStopped = false

    /// Chunks read ahead: enough that neither side waits for the other at each one.
    private static let limit = 32

    private init(_ reader: ChunkReader) { self.reader = reader }

    /// Hands a file's content to `body`.
    /// - Parameters:
    ///   - file: a plain or gzip-compressed file.
    ///   - body: receives a function that gives the next piece, nil at the end.
    /// - Returns: SHA-256 (hex) of the decompressed content that was read: gzip or not makes no
    ///   difference.
    /// - Throws: what `body` throws, which may be an `InputFileError` of the function's.
    static func read(
        _ file: InputFile,
        _ body: (@escaping () throws -> [UInt8]?) throws -> Void
    ) throws -> String {
        let chunks = PrefetchedChunks(try file.chunks())
        let thread = Thread { chunks.fill() }
        thread.name = "prefetch"
        thread.start()
        defer { chunks.stop() }
        try body { try chunks.next() }
        chunks.stop()
        return chunks.hasher.finalize().hex
    }

    private func fill() {
        var error: (any Error)?
        do {
            while let chunk = try reader.next(), offer(chunk) { hasher.update(chunk) }
        } catch let caught {
            error = caught
        }
        condition.lock()
        failure = error
        isEnded = true
        condition.broadcast()
        condition.unlock()
    }

    /// Puts a chunk into the queue; false if nobody wants more.
    private func offer(_ chunk: [UInt8]) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= Self.limit, !isStopped { condition.wait() }
        waiting.append(chunk)
        if waiting.count == 1 { condition.broadcast() }
        return !isStopped
    }

    private func next() throws -> [UInt8]? {
        if let chunk = taken.popFirst() { return chunk }
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isEnded { condition.wait() }
        taken = waiting[...]
        waiting = []
        condition.broadcast()
        if let chunk = taken.popFirst() { return chunk }
        if let failure { throw failure }
        return nil
    }

    /// Ends the thread and waits for it.
    private func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while !isEnded { condition.wait() }
        condition.unlock()
    }
}
