import Foundation
import InputFiles
import StrictJSON
import Synchronization

/// The SHA-256 of all bytes of a checkpoint's weights, taken beside the work.
///
/// Runs know their weights by a digest that costs nothing (headers, sizes, times); this one says
/// that two copies are the same. It is that of the lines `sha256sum *.safetensors` prints for the
/// checkpoint's files in the order of their names. Digests of files are kept beside the store, so
/// that each file is read once as long as it does not change.
final class WeightsDigest: Sendable {
    private enum State {
        case working
        case done(String)
        case failed(String)
    }

    private let state = Mutex(State.working)
    private let isAbandoned = Atomic(false)
    private let cachePath: String

    /// Starts taking the digest in the background.
    /// - Parameters:
    ///   - folder: the checkpoint.
    ///   - store: the store, beside which digests of files are kept.
    init(of folder: String, store: String) {
        cachePath = store + ".weights.json"
        let thread = Thread { [self] in
            let result: State
            do {
                result = .done(try digest(of: folder))
            } catch {
                result = .failed("\(error)")
            }
            state.withLock { $0 = result }
        }
        thread.qualityOfService = .background
        thread.start()
    }

    /// Waits for the digest.
    /// - Parameter isCancelled: polled; ends the wait.
    /// - Returns: 64 hexadecimal digits, nil if it was cancelled.
    /// - Throws: `CommandError` if a file could not be read.
    func value(unless isCancelled: () -> Bool) throws -> String? {
        while true {
            switch state.withLock({ $0 }) {
            case .done(let digest): return digest
            case .failed(let message): throw CommandError(.invalidData, message)
            case .working: break
            }
            guard !isCancelled() else {
                isAbandoned.store(true, ordering: .relaxed)
                return nil
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func digest(of folder: String) throws -> String {
        var cache = CacheFile<KnownDigest>(cachePath)
        var lines = ""
        for name in try Self.files(of: folder) {
            let file = try InputFile("\(folder)/\(name)")
            let key = URL(fileURLWithPath: file.path).resolvingSymlinksInPath().path
            let known = cache[key].flatMap { $0.identity == file.identity ? $0.sha256 : nil }
            let digest = try known ?? digest(of: file)
            cache.keep(KnownDigest(identity: file.identity, sha256: digest), under: key)
            lines += "\(digest)  \(name)\n"
        }
        cache.save()
        return SHA256Digest(of: lines.utf8).hex
    }

    private func digest(of file: InputFile) throws -> String {
        var hasher = SHA256Hasher()
        var offset = 0
        while offset < file.byteCount {
            if isAbandoned.load(ordering: .relaxed) { throw CancellationError() }
            let chunk = try file.bytes(in: offset..<min(file.byteCount, offset + 1 << 20))
            hasher.update(chunk)
            offset += chunk.count
        }
        return hasher.finalize().hex
    }

    /// Names of the files that hold the weights, in order; the checkpoint has been checked.
    private static func files(of folder: String) throws -> [String] {
        let index = folder + "/model.safetensors.index.json"
        guard FileManager.default.fileExists(atPath: index) else { return ["model.safetensors"] }
        let root = try JSONDocument(try InputFile(index).contents(), source: index).root
        let names = try root["weight_map"].members().map { try $0.field.string() }
        return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// The digest of a file that was read before, and of which version.
private struct KnownDigest: Codable {
    var identity: FileIdentity
    var sha256: String
}
