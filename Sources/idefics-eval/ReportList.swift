import Foundation
import InputFiles

/// The list of a report's files, held by one report at a time.
final class ReportList {
    /// The file.
    let path: String
    /// The files of an earlier report, and of this one so far.
    private(set) var names: Set<String>
    private let handle: FileHandle

    /// Opens a folder's list; makes one if there is none.
    /// - Throws: `CommandError` if it is no list or another report holds it.
    init(_ folder: String) throws {
        path = folder + "/.report-files"
        // No pipe is waited for.
        if FileManager.default.fileExists(atPath: path) { _ = try InputFile(path) }
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        } catch {
            throw CommandError(.store, "\(path) cannot be written: the folder is not writable")
        }
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw CommandError(
                .store,
                "\(folder): another report is being written there; wait for it"
            )
        }
        let bytes = try InputFile(path, limit: 64 << 20).bytes()
        // What stands behind the last line feed was never finished.
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"))
        names = Set(lines.map { String(decoding: $0, as: UTF8.self) })
        guard names.allSatisfy({ Self.couldBeOfReport($0, folder) }) else {
            throw CommandError.usage("\(path) is not a report's list of files; remove it")
        }
        try handle.truncate(atOffset: UInt64(end))
    }

    /// Adds a name that is not on it.
    /// - Throws: `CommandError` for a full disk.
    func add(_ name: String) throws {
        guard names.insert(name).inserted else { return }
        do {
            try handle.write(contentsOf: Data((name + "\n").utf8))
        } catch {
            throw CommandError(.store, "\(path) cannot be written: the disk is full")
        }
    }

    /// Only such names as a report could have written are ever removed.
    private static func couldBeOfReport(_ name: String, _ folder: String) -> Bool {
        guard (try? ContainedPath.resolve(name, inside: folder)) != nil else { return false }
        let isPage = !name.contains("/") && name.hasSuffix(".md")
        return isPage || name.hasPrefix("charts/") || name.hasPrefix("site/")
    }
}
